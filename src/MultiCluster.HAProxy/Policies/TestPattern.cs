using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Policies;

/// <summary>
/// A test of a request as a look ahead in what the program writes of it: a line of the choice's own, four of draws, then the method, the path,
/// the address in hexadecimal digits, and the headers with their names in lower case.
/// </summary>
internal static class TestPattern
{
    private const int DrawLines = 4;
    private const int MethodLine = DrawLines + 1;
    private const int PathLine = MethodLine + 1;
    private const int SourceLine = PathLine + 1;

    /// <summary>An address of four bytes in the clothes of one of sixteen.</summary>
    private const string Mapped = "(?:0{20}FFFF)?";

    /// <param name="shares">How many have come before: each is drawn by itself, as far as there are draws.</param>
    public static void Write(StringBuilder text, RequestTest test, ref int shares)
    {
        text.Append(test.IsNegated ? "(?!" : "(?=");
        switch (test.Part)
        {
            case RequestPart.Share:
                Line(text, 1 + (shares++ % DrawLines)).Append(Share(test));
                break;
            case RequestPart.Method:
                Line(text, MethodLine).Append(Any(test, Text)).Append("\\n");
                break;
            case RequestPart.Path:
                Line(text, PathLine).Append(Value(test, "\\n"));
                break;
            case RequestPart.Source:
                Line(text, SourceLine).Append(Any(test, Network));
                break;
            case RequestPart.Header:
                Header(text, test.Name).Append(test.Match == TextMatch.Present ? "" : $"\\x20{Value(test, "\\r")}");
                break;
            case RequestPart.HeaderItem:
                Header(text, test.Name).Append(test.Match == TextMatch.Present ? "" : $"(?:[^\\r\\n]*,)?\\x20*{Value(test, "\\x20*[,\\r]")}");
                break;
            case RequestPart.Cookie:
                Header(text, "cookie").Append(CultureInfo.InvariantCulture, $"(?:[^\\r\\n]*\\x3B)?\\x20*{Text(test.Name)}=").Append(Value(test, "\\x20*[\\x3B\\r]"));
                break;
            default:
                throw new InvalidOperationException($"Unknown part {test.Part}.");
        }

        text.Append(')');
    }

    /// <summary>Where a line begins, counted from the first.</summary>
    private static StringBuilder Line(StringBuilder text, int number) => text.Append(CultureInfo.InvariantCulture, $"(?:[^\\n]*\\n){{{number}}}");

    private static StringBuilder Header(StringBuilder text, string name) => Line(text, SourceLine).Append(CultureInfo.InvariantCulture, $"[\\s\\S]*?\\n{Text(name)}:");

    /// <param name="end">Of the whole value.</param>
    private static string Value(RequestTest test, string end) => test.Match switch
    {
        TextMatch.Present => "",
        TextMatch.Equal => $"{Any(test, Text)}{end}",
        TextMatch.Begin => Any(test, Text),
        TextMatch.Pattern => Any(test, Pattern),
        _ => throw new InvalidOperationException($"Unknown match {test.Match}."),
    };

    private static string Any(RequestTest test, Func<string, string> write) =>
        $"({(test.IgnoresCase ? "?i:" : "?:")}{string.Join('|', test.Values.Select(write))})";

    /// <summary>It begins with ^, which here stands behind other text. One that HAProxy would not take matches nothing.</summary>
    private static string Pattern(string pattern) =>
        pattern.StartsWith('^') && PatternCheck.Problem(pattern) is null ? $"(?m:{pattern[1..]})" : Nothing;

    private const string Nothing = "(?!)";

    private static string Text(string text)
    {
        var pattern = new StringBuilder(text.Length);
        foreach (var value in Encoding.UTF8.GetBytes(text))
            pattern.Append(char.IsAsciiLetterOrDigit((char)value) ? ((char)value).ToString() : string.Create(CultureInfo.InvariantCulture, $"\\x{value:X2}"));
        return pattern.ToString();
    }

    private static string Network(string network)
    {
        if (NetworkKeys.Parse(network) is not { } parsed)
            return Nothing;
        return string.Join('|', NetworkKeys.Of(parsed).Select(static key => key[0] == '.' ? Digits(Mapped, key[1..], 8) : Digits("", key[1..], 32)));
    }

    private static string Digits(string before, string beginning, int length) =>
        string.Create(CultureInfo.InvariantCulture, $"{before}{beginning}[0-9A-F]{{{length - beginning.Length}}}\\n");

    private static string Share(RequestTest test)
    {
        if (test.Total <= 0 || test.To <= test.From)
            return Nothing;
        var (from, to) = (Draw(test.From, test.Total), Draw(test.To, test.Total));
        // Whoever has any share has at least one draw.
        if (to == from)
            (from, to) = to < Draws.Count ? (from, to + 1) : (from - 1, to);
        return $"(?:{string.Join('|', Draws.Prefixes(from, to))})";
    }

    private static int Draw(int number, int total) => (int)Math.Round((double)Math.Clamp(number, 0, total) * Draws.Count / total);
}
