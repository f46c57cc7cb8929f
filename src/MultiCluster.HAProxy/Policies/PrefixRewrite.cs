using System.Globalization;
using System.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Policies;

/// <summary>
/// Rewrites that only put one beginning of a path in the place of another, which nearly all do: HAProxy needs no expression of the policy's own
/// for them, which would take twenty times as long.
/// </summary>
/// <param name="Beginning">What is taken away, and behind it one of the marks.</param>
public sealed record PrefixRewrite(string Beginning, string Replacement)
{
    /// <summary>Whatever follows is kept.</summary>
    private const char Any = '\n';

    private const char AnyOfAnyCase = '\t';

    /// <summary>The end or a '/' follows, which is taken away too.</summary>
    private const char Directory = '\v';

    private const char DirectoryOfAnyCase = '\f';

    /// <summary>The end or a '/' follows, which is kept.</summary>
    private const char Element = '\r';

    private const string AnyStart = @"[\x00-\xFF]*?";

    private const string Special = @"\[](){}.*+?^$|";

    /// <summary>
    /// What is taken away of the beginning, its mark and a path; nothing, where the path does not begin so. No path holds a mark, since it holds no
    /// control character.
    /// </summary>
    public const string Expression = @"^([^\x09-\x0d]*)(?:\n\1|\t(?i:\1)|\x0b\1(?:/|$)|\x0c(?i:\1)(?:/|$)|\r\1(?=/|$))";

    /// <returns>Null: it takes an expression.</returns>
    public static PrefixRewrite? Of(EquatableArray<PathRewrite> rewrites)
    {
        if (rewrites is [var one])
            return Of(one);
        // The rule's path, and what is below it.
        return rewrites is [var below, var whole] && Read(below.Pattern) is { Tail: "/(.*)$", IsAnyCase: false, Text: ['/', ..] path }
            && Read(whole.Pattern) is { Tail: "$" } exact && exact.Text == path && TextOf(whole.Replacement) is { } target
            && below.Replacement == whole.Replacement.TrimEnd('/') + "/\\1"
            ? target == "/" ? new PrefixRewrite(path + Directory, target) : target.EndsWith('/') ? null : new PrefixRewrite(path + Element, target)
            : null;
    }

    /// <summary>Of one that puts the same path in the place of all; null otherwise.</summary>
    public static string? Fixed(EquatableArray<PathRewrite> rewrites) => rewrites is [{ Pattern: "^" } one] ? TextOf(one.Replacement) : null;

    private static PrefixRewrite? Of(PathRewrite rewrite)
    {
        var (text, rest, isAnyCase) = Read(rewrite.Pattern);
        var (mark, group) = rest switch
        {
            "(.*)" or "(.*)$" => (isAnyCase ? AnyOfAnyCase : Any, "\\1"),
            "/(.*)" or "/(.*)$" => (isAnyCase ? AnyOfAnyCase : Any, "\\1"),
            "(/|$)(.*)" or "(/|$)(.*)$" => (isAnyCase ? DirectoryOfAnyCase : Directory, "\\2"),
            _ => ('\0', ""),
        };
        if (rest.StartsWith('/'))
            text += "/";
        return mark != '\0' && text.StartsWith('/') && rewrite.Replacement.EndsWith(group, StringComparison.Ordinal) && TextOf(rewrite.Replacement[..^2]) is { } replacement
            ? new PrefixRewrite(text + mark, replacement)
            : null;
    }

    /// <summary>A path without groups, as a request would have it.</summary>
    private static string? TextOf(string replacement) =>
        !replacement.StartsWith('/') || replacement.Contains('\\', StringComparison.Ordinal) ? null : RewriteData.Encode(replacement);

    /// <summary>What an expression begins with, as far as it is text, without a '/' before a last group; that of a path may begin anywhere in it if all begin so.</summary>
    private static (string Text, string Tail, bool IsAnyCase) Read(string pattern)
    {
        if (!pattern.StartsWith('^'))
            return ("", "", false);
        var rest = pattern.AsSpan(1);
        if (rest.SequenceEqual($"{AnyStart}/(.*)"))
            return ("", "/(.*)", false);
        var text = new StringBuilder();
        var (upper, lower) = (0, 0);
        while (!rest.IsEmpty && !IsLast(rest) && Next(rest) is var (c, length, both) && length > 0 && (length == rest.Length || !"*+?{".Contains(rest[length], StringComparison.Ordinal)))
        {
            text.Append(c);
            (upper, lower) = both ? (upper + 1, lower) : char.IsAsciiLetter(c) ? (upper, lower + 1) : (upper, lower);
            rest = rest[length..];
        }

        return upper > 0 && lower > 0 ? ("", "", false) : (text.ToString(), rest.ToString(), upper > 0);
    }

    private static bool IsLast(ReadOnlySpan<char> rest) => rest is "/(.*)" or "/(.*)$";

    /// <returns>The next character, how much of the expression it is, and whether it may be of either case; a length of 0 where it is none.</returns>
    private static (char Character, int Length, bool IsAnyCase) Next(ReadOnlySpan<char> rest) => rest switch
    {
        ['\\', 'x', var high, var low, ..] when byte.TryParse([high, low], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && value is > 0x20 and < 0x7F => ((char)value, 4, false),
        ['\\', var c, ..] when !char.IsAsciiLetterOrDigit(c) && c is > ' ' and < '\x7f' => (c, 2, false),
        ['[', var first, var second, ']', ..] when char.IsAsciiLetter(first) && first != second && char.ToLowerInvariant(first) == char.ToLowerInvariant(second) => (second, 4, true),
        [var c, ..] when c is > ' ' and < '\x7f' && !Special.Contains(c, StringComparison.Ordinal) => (c, 1, false),
        _ => ('\0', 0, false),
    };
}
