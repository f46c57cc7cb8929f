using System.Globalization;
using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.RoutePolicies;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.RouteConditions;

/// <summary>
/// Conditions in the words of HAProxy's own configuration, of which the common ones are read: nothing of them is ever text of a configuration.
/// </summary>
internal static class RouteAclReader
{
    private const string Key = "route-acl";
    private const int MaxTests = 8;
    private const int MaxValues = 16;
    private const int MaxValue = 256;

    private const string Forms =
        "write conditions such as hdr(x-beta) -m str yes (or -m beg, reg, found), cook(beta) -m found (or str, beg), path_beg /beta, path_reg ^/v[12], method POST, "
        + "src 10.0.0.0/8 or rand(100) lt 25; of several, each in braces, all must hold, those with ! before them must not. Until then the Service gets no request of the path";

    private static readonly Dictionary<string, (RequestPart Part, TextMatch Match)> Fetches = new(StringComparer.Ordinal)
    {
        ["hdr"] = (RequestPart.HeaderItem, TextMatch.Equal),
        ["hdr_beg"] = (RequestPart.HeaderItem, TextMatch.Begin),
        ["hdr_reg"] = (RequestPart.Header, TextMatch.Pattern),
        ["fhdr"] = (RequestPart.Header, TextMatch.Equal),
        ["cook"] = (RequestPart.Cookie, TextMatch.Equal),
        ["cook_beg"] = (RequestPart.Cookie, TextMatch.Begin),
        ["cookie"] = (RequestPart.Cookie, TextMatch.Equal),
        ["path"] = (RequestPart.Path, TextMatch.Equal),
        ["path_beg"] = (RequestPart.Path, TextMatch.Begin),
        ["path_reg"] = (RequestPart.Path, TextMatch.Pattern),
        ["method"] = (RequestPart.Method, TextMatch.Equal),
        ["src"] = (RequestPart.Source, TextMatch.Equal),
    };

    /// <returns>False: not all of it can be read.</returns>
    public static bool Read(FamilyAnnotations annotations, List<RequestTest> tests)
    {
        if (annotations.Parts(Key) is not { } written)
            return true;
        var words = AclWords.Of(written);
        var found = new List<RequestTest>();
        foreach (var (isNegated, expression) in words ?? [])
        {
            if (Test(expression) is not { } test)
            {
                annotations.Refuse(Key, $"holds {Shown.Quoted(string.Join(' ', expression))}, which is not read; {Forms}");
                return false;
            }

            found.Add(test with { IsNegated = isNegated });
        }

        if (words is null || found.Count is 0 or > MaxTests)
        {
            annotations.Refuse(Key, $"is {Shown.Quoted(written)}; {Forms}");
            return false;
        }

        tests.AddRange(found);
        return true;
    }

    private static RequestTest? Test(IReadOnlyList<string> words)
    {
        if (words[0].StartsWith("rand(", StringComparison.Ordinal))
            return Share(words);
        if (words[0].StartsWith("METH_", StringComparison.Ordinal))
            return words.Count == 1 && IsMethod(words[0][5..]) ? new RequestTest(RequestPart.Method, "", TextMatch.Equal, [words[0][5..]]) : null;
        var (fetch, name) = Split(words[0]);
        if (fetch is null || !Fetches.TryGetValue(fetch, out var known) || known.Part is RequestPart.Header or RequestPart.HeaderItem or RequestPart.Cookie == (name.Length == 0))
            return null;
        var (match, ignoresCase) = (known.Match, false);
        var at = 1;
        for (; at < words.Count && words[at].StartsWith('-'); at++)
        {
            if (words[at] == "--")
            {
                at++;
                break;
            }

            if (words[at] == "-i")
                ignoresCase = true;
            else if (words[at] == "-m" && ++at < words.Count && MatchOf(words[at], known.Part) is { } said)
                match = said;
            else
                return null;
        }

        return Test(known.Part == RequestPart.HeaderItem && match == TextMatch.Pattern ? RequestPart.Header : known.Part, name, match, ignoresCase, [.. words.Skip(at)]);
    }

    private static RequestTest? Test(RequestPart part, string name, TextMatch match, bool ignoresCase, string[] values)
    {
        if (values.Length > MaxValues || (values.Length == 0) != (match == TextMatch.Present))
            return null;
        if (match == TextMatch.Pattern)
        {
            values = Array.ConvertAll(values, value => Patterns.ReadLine(ignoresCase ? $"(?i){value}" : value) is { Problem: null } reading ? reading.Text : "");
            ignoresCase = false;
        }

        return Array.TrueForAll(values, value => IsValue(part, match, value))
            ? new RequestTest(part, part == RequestPart.Cookie ? name : name.ToLowerInvariant(), match, values.ToEquatableArray()) { IgnoresCase = ignoresCase }
            : null;
    }

    private static bool IsValue(RequestPart part, TextMatch match, string value) => part switch
    {
        _ when value.Length == 0 || (match != TextMatch.Pattern && value.Length > MaxValue) => false,
        RequestPart.Method => IsMethod(value),
        RequestPart.Source => !value.Contains(',', StringComparison.Ordinal) && ValueChecks.AreNetworks(value, mayExclude: false),
        _ => true,
    };

    /// <summary>Numbers are drawn from 0 up.</summary>
    private static RequestTest? Share(IReadOnlyList<string> words)
    {
        if (words.Count != 3 || !IsNumber(Split(words[0]).Name, out var total) || total == 0 || !IsNumber(words[2], out var number))
            return null;
        number = Math.Min(number, total);
        return words[1] switch
        {
            "lt" => RequestTest.Share(0, number, total),
            "le" => RequestTest.Share(0, Math.Min(number + 1, total), total),
            "ge" => RequestTest.Share(number, total, total),
            "gt" => RequestTest.Share(Math.Min(number + 1, total), total, total),
            _ => null,
        };
    }

    private static bool IsNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= 1_000_000;

    /// <summary>Such as <c>req.hdr(x-beta)</c>.</summary>
    private static (string? Fetch, string Name) Split(string word)
    {
        if (word.StartsWith("req.", StringComparison.Ordinal))
            word = word[4..];
        var open = word.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
            return (word, "");
        var name = word.EndsWith(')') ? word[(open + 1)..^1] : "";
        return name.Length is > 0 and <= 128 && ValueChecks.IsName(name) ? (word[..open], name) : (null, "");
    }

    private static TextMatch? MatchOf(string word, RequestPart part) => word switch
    {
        "found" when part is RequestPart.Header or RequestPart.HeaderItem or RequestPart.Cookie => TextMatch.Present,
        "str" when part is not RequestPart.Source => TextMatch.Equal,
        "beg" when part is not (RequestPart.Source or RequestPart.Method) => TextMatch.Begin,
        "reg" when part is RequestPart.Header or RequestPart.HeaderItem or RequestPart.Path => TextMatch.Pattern,
        "ip" when part is RequestPart.Source => TextMatch.Equal,
        _ => null,
    };

    private static bool IsMethod(string text) => text.Length is > 0 and <= 16 && text.All(static c => char.IsAsciiLetterUpper(c) || c == '-');
}
