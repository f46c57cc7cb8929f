using MultiCluster.HAProxy.Policies;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Data;

/// <summary>Routes that several ingresses share: each of those that take requests by a condition has an entry of its own beside the route's.</summary>
public sealed partial class DesiredData
{
    private int _alternatives;

    private void SetRoute(RouteKey key, Route? route, Touched touched, HashSet<PlaceKey> abandoned)
    {
        var before = _routes.GetValueOrDefault(key);
        foreach (var taker in before?.Alternatives ?? [])
        {
            if (route?.Alternatives.Items.Any(other => other.Ingress == taker.Ingress) != true)
                SetAlternative(key with { Taker = taker.Ingress }, null, touched, abandoned);
        }

        foreach (var taker in route?.Alternatives ?? [])
            SetAlternative(key with { Taker = taker.Ingress }, taker, touched, abandoned);
        SetPolicy(key, before is null ? null : ChoiceOf(before), route is null ? null : ChoiceOf(route), touched);
        SetOne(key, route, touched, abandoned);
    }

    private void SetAlternative(RouteKey key, Route? route, Touched touched, HashSet<PlaceKey> abandoned)
    {
        _alternatives += (route is null ? 0 : 1) - (_routes.ContainsKey(key) ? 1 : 0);
        SetOne(key, route is null ? null : route with { Key = key, Expression = null }, touched, abandoned);
    }

    private bool IsCanary(RouteKey key) => key.Taker is not null && _routes.GetValueOrDefault(key)?.When is { IsCanary: true };

    /// <summary>A canary that has no endpoint leaves its requests to the main route.</summary>
    private bool LeavesAll(RouteKey key, Route route)
    {
        if (key.Taker is null || route.When is not { IsCanary: true })
            return false;
        return SteerOf(route) is { } steer
            ? _steers[steer].Groups.All(static group => group.Backend.Name is null)
            : _backends[PlaceOf(route)] is { Name: null } or { Servers.Count: 0 };
    }

    private string WithChoice(Route route, string value) => ChoiceOf(route) is { } choice
        ? RouteMaps.WithChoice(route.When is null ? value : "", RouteMaps.ChoiceOf(route.Key), _policies[choice].Data.Id)
        : value;

    internal static RouteChoice? ChoiceOf(Route route)
    {
        if (route.Alternatives.IsEmpty)
            return null;
        var rules = new List<ChoiceRule>();
        foreach (var taker in route.Alternatives)
        {
            if (taker.When is not { } condition)
                continue;
            if (condition.IsSticky)
                AddBound(rules, route, taker);
            rules.AddRange(condition.Rules.Select(rule => new ChoiceRule(rule.Takes ? taker.Ingress : null, rule.Tests)));
        }

        return new RouteChoice([.. rules]);
    }

    /// <summary>A session that has begun in the one or the other bears a cookie that says so.</summary>
    private static void AddBound(List<ChoiceRule> rules, Route main, Route canary)
    {
        if (SteerOf(main)?.Session is var own && SteerOf(canary)?.Session is var others && own == others)
            return;
        if (own is not null && main.Traffic!.SessionAffinity)
            rules.Add(Bound(null, own));
        if (others is not null && canary.Traffic!.SessionAffinity)
            rules.Add(Bound(canary.Ingress, others));
    }

    private static ChoiceRule Bound(ObjectKey? taker, string session) =>
        new(taker, [new RequestTest(RequestPart.Cookie, $"{ProgramRenderer.GroupCookie}-{session}", TextMatch.Present, [])]);
}
