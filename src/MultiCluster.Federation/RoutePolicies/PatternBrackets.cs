using System.Globalization;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>Reads <c>[...]</c>.</summary>
internal static class PatternBrackets
{
    private static readonly Dictionary<string, CharSet> Named = new(StringComparer.Ordinal)
    {
        ["alnum"] = CharSet.Digits | CharSet.Upper | CharSet.Lower,
        ["alpha"] = CharSet.Upper | CharSet.Lower,
        ["digit"] = CharSet.Digits,
        ["lower"] = CharSet.Lower,
        ["punct"] = CharSet.Range('!', '~') & ~(CharSet.Digits | CharSet.Upper | CharSet.Lower),
        ["space"] = CharSet.Blanks,
        ["upper"] = CharSet.Upper,
        ["word"] = CharSet.Word,
        ["xdigit"] = CharSet.Digits | CharSet.Range('A', 'F') | CharSet.Range('a', 'f'),
    };

    /// <summary>Of \d and its like.</summary>
    public static CharSet? ClassOf(char c) => c switch
    {
        'd' => CharSet.Digits,
        'D' => ~CharSet.Digits,
        'w' => CharSet.Word,
        'W' => ~CharSet.Word,
        's' => CharSet.Blanks,
        'S' => ~CharSet.Blanks,
        _ => null,
    };

    /// <summary>Of two digits behind <c>\x</c>; null when there are none.</summary>
    public static byte? Hex(string pattern, ref int at)
    {
        if (at + 2 > pattern.Length || !byte.TryParse(pattern.AsSpan(at, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            return null;
        at += 2;
        return value;
    }

    /// <param name="at">Behind the bracket that opens; comes to stand behind the one that closes.</param>
    public static CharSet Read(string pattern, ref int at, bool ignoresCase, out string? problem)
    {
        var set = CharSet.Empty;
        problem = null;
        var isNegated = at < pattern.Length && pattern[at] == '^';
        if (isNegated)
            at++;
        for (var isFirst = true; at < pattern.Length && (isFirst || pattern[at] != ']'); isFirst = false)
        {
            if (Item(pattern, ref at, ref set) is { } wrong)
            {
                problem = wrong;
                return set;
            }
        }

        if (at >= pattern.Length)
        {
            problem = "has a '[' that nothing closes; write \\[ for the character";
            return set;
        }

        at++;
        if (ignoresCase)
            set = set.IgnoringCase();
        if (isNegated)
            set = ~set;
        if (set.IsEmpty)
            problem = "holds brackets that no character is in; name some";
        return set;
    }

    private static string? Item(string pattern, ref int at, ref CharSet set)
    {
        if (pattern.AsSpan(at).StartsWith("[:"))
        {
            var end = pattern.IndexOf(":]", at, StringComparison.Ordinal);
            if (end < 0 || !Named.TryGetValue(pattern[(at + 2)..end], out var named))
                return "holds [:...:] of a name that is not known; write the characters themselves";
            set |= named;
            at = end + 2;
            return null;
        }

        if (pattern[at] == '\\' && at + 1 < pattern.Length && ClassOf(pattern[at + 1]) is { } known)
        {
            set |= known;
            at += 2;
            return null;
        }

        if (One(pattern, ref at) is not { } first)
            return "holds brackets with a character that is not ASCII, or an escape that is not read; write others, or alternatives such as (a|b)";
        var last = first;
        if (at + 1 < pattern.Length && pattern[at] == '-' && pattern[at + 1] != ']')
        {
            at++;
            if (One(pattern, ref at) is not { } other || other < first)
                return "holds brackets with a range that ends before it begins; turn it round, or write - first";
            last = other;
        }

        set |= CharSet.Range(first, last);
        return null;
    }

    private static int? One(string pattern, ref int at)
    {
        var c = pattern[at++];
        if (c != '\\')
            return char.IsAscii(c) && c != '[' ? c : null;
        if (at == pattern.Length)
            return null;
        c = pattern[at++];
        return c switch
        {
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            'f' => '\f',
            'v' => '\v',
            'x' => Hex(pattern, ref at),
            _ => char.IsAscii(c) && !char.IsAsciiLetterOrDigit(c) ? c : null,
        };
    }
}
