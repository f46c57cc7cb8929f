using System.Globalization;
using MultiCluster.Controller.Routing;
using MultiCluster.Federation.Routing;
using MultiCluster.HAProxy.Explanation;
using MultiCluster.Model.Admin;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Admin;

/// <summary>What becomes of a request, and why.</summary>
internal static class ExplainViews
{
    /// <returns>With the route that most likely takes it.</returns>
    public static (ExplainView View, Route? Taker) Of(ExplainQuestion question, RouteTableProtocol.Explained explained)
    {
        var explanation = explained.Explanation;
        var takers = explanation.Match is { } match ? Takers(match, question, explained) : [];
        var likeliest = takers.Count == 0 ? default : takers.MaxBy(static taker => taker.View.Percent);
        var view = new ExplainView(
            question.Url,
            explanation.Refusal is not null ? "BadRequest" : likeliest.Route is null ? "NoRoute" : "Route",
            Reason(explanation, likeliest),
            likeliest.View?.Route,
            [.. explanation.Candidates.Select(static candidate => $"{candidate.Key} of ingress {candidate.Ingress} -> {candidate.Backend}")],
            [.. explanation.LostClaims.Select(static claim => $"ingress {claim.Rank.Ingress} in {claim.Rank.Member} ({claim.Rank.Age}) wants {claim.Backend}")],
            explanation.CertificateHost,
            [])
        {
            Status = explanation.Refusal is not null ? 400 : explanation.Match is null ? 404 : likeliest.View!.Status,
            Takers = [.. takers.Select(static taker => taker.View)],
        };
        return (view, likeliest.Route);
    }

    private static List<(TakerView View, Route? Route)> Takers(Route match, ExplainQuestion question, RouteTableProtocol.Explained explained)
    {
        var request = new AskedRequest(
            question.Method, question.IsTls, question.Host, question.Path, question.Query, explained.Explanation.Path, question.Headers, question.Source);
        var takers = RequestTaker.Of(match, request, route => explained.Endpoints.GetValueOrDefault(route.Backend) > 0);
        return [.. takers.Select(taker => (Of(taker, request, explained), taker.Route))];
    }

    private static TakerView Of(RequestTaker taker, AskedRequest request, RouteTableProtocol.Explained explained)
    {
        if (taker.Route is not { } route)
            return new TakerView(null, taker.Share * 100, taker.Why, 404, null, null, [], []);
        var endpoints = explained.Endpoints.GetValueOrDefault(route.Backend);
        var verdict = PolicyJudge.Judge(route.Policy, request);
        var (status, location, steps, open) = (verdict.Status, verdict.Location, verdict.Steps, verdict.Open);
        if (status is null && endpoints == 0)
        {
            steps = [.. steps, string.Create(CultureInfo.InvariantCulture, $"{route.Backend.Ref} has no endpoint in {string.Join(", ", route.Backend.Members)}: 503")];
            status = 503;
            if (PolicyJudge.OwnPage(route.Policy, 503) is { } page)
                (status, location, steps) = (page.Status, page.Location, [.. steps, page.Why]);
            if (route.Policy?.Fallback is { } fallback)
                open = [.. open, $"while nobody else can, what {fallback} names as its default takes it"];
        }

        return new TakerView(AdminViews.Of(route, endpoints), taker.Share * 100, taker.Why, status, location, status is null ? verdict.UpstreamPath : null, [.. steps], [.. open]);
    }

    private static string Reason(RouteExplanation explanation, (TakerView View, Route? Route) taker)
    {
        if (explanation.Refusal is { } refusal)
            return $"400: {refusal}";
        if (explanation.Match is null)
            return $"404: no rule matches {explanation.Host}{explanation.Path}";
        if (taker.Route is not { } route)
            return $"404: {explanation.Match.Key} matches, but {taker.View.Why}";
        var who = $"{route.Key} of ingress {route.Ingress} matches best";
        return taker.View.Status is { } status ? string.Create(CultureInfo.InvariantCulture, $"{status}: {who}, and {taker.View.Steps[^1]}") : who;
    }
}
