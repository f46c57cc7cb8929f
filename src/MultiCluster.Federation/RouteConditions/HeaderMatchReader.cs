using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.RoutePolicies;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.RouteConditions;

/// <summary>Headers by which Ingresses of one host and path are told apart. All lines hold.</summary>
internal static class HeaderMatchReader
{
    private const string Equal = "http-header-match";
    private const string Pattern = "http-header-match-regex";
    private const string So = ", and until then the Ingress gets no request of the path";
    private const int MaxTests = 16;

    /// <returns>False: not all of it can be read.</returns>
    public static bool Read(FamilyAnnotations annotations, List<RequestTest> tests)
    {
        var isWhole = Read(annotations, Equal, tests) & Read(annotations, Pattern, tests);
        if (tests.Count <= MaxTests)
            return isWhole;
        annotations.Refuse(annotations.Has(Pattern) ? Pattern : Equal, $"asks for {tests.Count} headers; write at most {MaxTests}{So}");
        return false;
    }

    private static bool Read(FamilyAnnotations annotations, string key, List<RequestTest> tests)
    {
        if (annotations.Parts(key, So) is not { } written)
            return true;
        var isWhole = written.Length > 0;
        foreach (var line in written.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var test = Test(annotations, key, line);
            isWhole &= test is not null;
            if (test is not null)
                tests.Add(test);
        }

        return isWhole;
    }

    private static RequestTest? Test(FamilyAnnotations annotations, string key, string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? "" : line[..colon].Trim().ToLowerInvariant();
        var value = line[(colon + 1)..].Trim();
        if (name.Length is 0 or > 128 || !ValueChecks.IsName(name) || value.Length is 0 or > 512 || value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            annotations.Refuse(key, $"holds {Shown.Quoted(line)}; write lines such as X-Beta: yes{So}");
            return null;
        }

        if (key == Equal)
            return new RequestTest(RequestPart.HeaderItem, name, TextMatch.Equal, [value]);
        return LinePatterns.Read(annotations, key, value, So) is { } pattern ? new RequestTest(RequestPart.Header, name, TextMatch.Pattern, [pattern]) : null;
    }
}
