using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Policies;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Explanation;

/// <summary>Who takes a request of a route.</summary>
/// <param name="Route">Null: nobody, the request finds no route.</param>
/// <param name="Share">Of such requests, above 0 and at most 1.</param>
/// <param name="Why">For people.</param>
public sealed record RequestTaker(Route? Route, double Share, string Why)
{
    /// <summary>Of several Ingresses that share a route, as <see cref="Program.ChoiceSection"/> chooses among them. The shares are 1 together.</summary>
    /// <param name="hasEndpoints">Whether a route leads to any.</param>
    public static IReadOnlyList<RequestTaker> Of(Route match, AskedRequest request, Func<Route, bool> hasEndpoints)
    {
        var rest = new RequestTaker(match.When is null ? match : null, 1, match.When is null ? "nobody else asks for it" : "none of the Ingresses that share the route asks for such a request");
        if (DesiredData.ChoiceOf(match) is not { } choice)
            return [rest];
        var takers = new List<RequestTaker>();
        var left = 1.0;
        foreach (var rule in choice.Rules)
        {
            var taken = left * LikelihoodOf(rule, request);
            if (taken <= 0)
                continue;
            takers.Add(TakerOf(rule, match, hasEndpoints) is { } taker ? new RequestTaker(taker, taken, WordsOf(rule)) : rest with { Share = taken });
            left -= taken;
        }

        if (left > 0)
            takers.Add(rest with { Share = left });
        return [.. takers.GroupBy(static taker => taker.Route?.Ingress).Select(static same => same.First() with { Share = Math.Min(1, same.Sum(static taker => taker.Share)) })];
    }

    /// <summary>Tests whose outcome nobody can know yet don't hold.</summary>
    private static double LikelihoodOf(ChoiceRule rule, AskedRequest request) => rule.Tests.Aggregate(1.0, (likelihood, test) => likelihood * (TestJudge.Likelihood(test, request) ?? 0));

    private static Route? TakerOf(ChoiceRule rule, Route match, Func<Route, bool> hasEndpoints) => rule.Taker is { } ingress && match.Alternatives.Items.FirstOrDefault(route => route.Ingress == ingress) is { } taker
        && (taker.When is not { IsCanary: true } || hasEndpoints(taker))
        ? taker
        : null;

    private static string WordsOf(ChoiceRule rule) => rule.Tests.IsEmpty ? "it takes all that is left" : string.Join(", and ", rule.Tests.Select(TestWords.Of));
}
