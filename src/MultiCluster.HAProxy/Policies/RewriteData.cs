using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Data;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Policies;

/// <summary>Paths that endpoints see: the entry's value takes the place of the path, with HAProxy's own back references.</summary>
internal static class RewriteData
{
    public static void Write(PolicyWriter writer, EquatableArray<PathRewrite> rewrites)
    {
        if (PrefixRewrite.Fixed(rewrites) is { } path)
        {
            writer.Flag(PolicyFlags.FixedPath, PolicyWriter.Text(path), "the path");
            return;
        }

        if (PrefixRewrite.Of(rewrites) is { } prefix)
        {
            writer.Flag(PolicyFlags.PrefixRewrite, $"{PolicyWriter.Text(prefix.Beginning)}|{PolicyWriter.Text(prefix.Replacement)}", $"the path {rewrites[0].Pattern}");
            return;
        }

        var before = new List<string>();
        foreach (var (pattern, replacement) in rewrites)
        {
            var what = $"the path {pattern}";
            if (PatternCheck.Problem(pattern) is { } problem)
            {
                writer.Refuse($"{what}: {problem}");
                continue;
            }

            if (!PatternCheck.FitTogether(before.Append(pattern)))
            {
                writer.Refuse($"{what}: with those before it it is too large");
                continue;
            }

            var shift = before.Count == 0 ? 0 : 1;
            if (Value(replacement, shift) is not { } value)
                writer.Refuse($"{what}: \"{replacement}\" can't be written");
            else if (writer.Pattern(Key(writer.Id, pattern, before), value, what))
                writer.Flag(PolicyFlags.Rewrites);
            before.Add(pattern);
        }
    }

    private static string Key(string id, string pattern, List<string> before) => before.Count == 0
        ? PolicyPattern.Anywhere(id, PolicyFlags.Rewrites, pattern)
        : PolicyPattern.Anywhere(id, PolicyFlags.Rewrites, pattern, before);

    /// <param name="shift">Of the numbers of groups.</param>
    private static string? Value(string replacement, int shift)
    {
        var value = new StringBuilder();
        for (var i = 0; i < replacement.Length; i++)
        {
            var c = replacement[i];
            if (c == '\\')
            {
                if (++i == replacement.Length || !char.IsAsciiDigit(replacement[i]) || replacement[i] - '0' + shift > 9)
                    return null;
                value.Append('\\').Append((char)(replacement[i] + shift));
            }
            else if (Encode([c]) is { } encoded)
            {
                foreach (var part in encoded)
                {
                    if (SafeText.IsValue([part]))
                        value.Append(part);
                    else
                        value.Append(CultureInfo.InvariantCulture, $"\\x{(int)part:x2}");
                }
            }
            else
            {
                return null;
            }
        }

        return value.Length == 0 ? null : value.ToString();
    }

    /// <summary>
    /// A blank in a path would end it, so what a path can't hold is percent-encoded. A '?' or '#' would begin something else, and is refused.
    /// </summary>
    internal static string? Encode(ReadOnlySpan<char> text)
    {
        var encoded = new StringBuilder();
        foreach (var c in text)
        {
            if (c is '?' or '#' || !char.IsAscii(c) || char.IsControl(c))
                return null;
            if (SafeText.IsValue([c]) || "!$&'()+;=%".Contains(c, StringComparison.Ordinal))
                encoded.Append(c);
            else
                encoded.Append(CultureInfo.InvariantCulture, $"%{(int)c:X2}");
        }

        return encoded.ToString();
    }
}
