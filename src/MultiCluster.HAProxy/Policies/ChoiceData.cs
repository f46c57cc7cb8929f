using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Data;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Policies;

/// <summary>
/// What a choice among Ingresses comes to in the maps: one expression for all of its rules, so that a request is looked through once, and the
/// Ingresses under the letters that it leads to. Its id is a digest of its content, as a policy's is.
/// </summary>
public static class ChoiceData
{
    /// <summary>One for each Ingress that may take a request, and the last for none of them.</summary>
    public const string Letters = "0123456789abcdefg";

    /// <summary>Lines of a request end in one way, those of what is written before them in another.</summary>
    public const string Start = "(*LIMIT_MATCH=100000)(*ANYCRLF)^";

    public static PolicyData Of(RouteChoice choice)
    {
        var takers = new List<ObjectKey>();
        var body = new StringBuilder();
        var shares = 0;
        foreach (var (taker, tests) in choice.Rules)
        {
            var letter = Letters.Length - 1;
            if (taker is { } ingress && (letter = takers.IndexOf(ingress)) < 0)
            {
                letter = takers.Count;
                takers.Add(ingress);
            }

            body.Append(body.Length == 0 ? "" : "|").Append(CultureInfo.InvariantCulture, $".{{{letter}}}(.)");
            foreach (var test in tests)
                TestPattern.Write(body, test, ref shares);
        }

        var rules = body.ToString();
        var id = Digests.Sha256($"{rules} {string.Join(' ', takers)}")[..PolicyData.IdLength].ToLowerInvariant();
        var writer = new PolicyWriter(id);
        if (takers.Count >= Letters.Length)
            writer.Refuse("more Ingresses share the path than there are letters for");
        else if (!PatternCheck.FitTogether(PatternsOf(choice)))
            writer.Refuse("what tells apart the Ingresses of the path: its expressions are too large together");
        else if (rules.Length > 0 && writer.Entry(new MapKey(RouteMaps.PatternsOf(id), $"{Start}{id}:(?|{rules})"), @"\1", "what tells apart the Ingresses of the path"))
        {
            for (var i = 0; i < takers.Count; i++)
                writer.Named(Letters[i], "", takers[i].ToString(), $"Ingress {takers[i]}");
        }

        return writer.ToData();
    }

    private static IEnumerable<string> PatternsOf(RouteChoice choice) =>
        from rule in choice.Rules
        from test in rule.Tests
        where test.Match == TextMatch.Pattern
        from pattern in test.Values
        where PatternCheck.Problem(pattern) is null
        select pattern;
}
