using System.Collections.Immutable;
using MultiCluster.Federation.Backends;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.Status;

/// <param name="StaleSince">Of each member that is stale: when it was last known to be as told.</param>
internal sealed record StatusFacts(
    SurveyAnswer Survey,
    StatusStatement Programmed,
    EquatableArray<string> Addresses,
    IReadOnlyDictionary<MemberName, DateTimeOffset> StaleSince,
    DateTimeOffset Now);

/// <summary>The status of a FederatedIngress, from what is known of it. Pure.</summary>
internal static class FederatedStatusRules
{
    public static FederatedStatus Of(IngressVerdict verdict, StatusFacts facts)
    {
        var federated = verdict.Federated!;
        var members = MembersOf(verdict, federated);
        var counts = members.ConvertAll(member => CountOf(member, verdict.Fragment.Routes, facts.Survey.Services));
        var weights = WeightsOf(verdict.Fragment, members, counts, facts.Survey.Members);
        return new FederatedStatus(
            federated.Generation,
            ConditionsOf(verdict, federated, members, facts).ToEquatableArray(),
            verdict.Fragment.Routes.IsEmpty ? [] : facts.Addresses,
            members.Select((member, i) => ClusterOf(verdict, federated, member, counts[i], weights[i], facts)).ToEquatableArray());
    }

    /// <summary>Services that its routes name.</summary>
    public static IEnumerable<ObjectKey> ServicesOf(IngressVerdict verdict) => verdict.Fragment.Routes.Select(static route => route.Backend.Service).Distinct();

    /// <summary>As long as it may be for an object that stays stale not to be written each minute for days.</summary>
    internal static TimeSpan Rounded(TimeSpan stale)
    {
        var step = stale < TimeSpan.FromMinutes(10) ? TimeSpan.FromMinutes(1) : stale < TimeSpan.FromHours(2) ? TimeSpan.FromMinutes(10) : TimeSpan.FromHours(1);
        return TimeSpan.FromTicks(Math.Max(0, stale.Ticks) / step.Ticks * step.Ticks);
    }

    /// <summary>Those that serve some of it, or have a copy that might.</summary>
    private static List<MemberName> MembersOf(IngressVerdict verdict, FederatedVerdict federated) =>
    [
        .. verdict.Fragment.Routes.SelectMany(static route => route.Members)
            .Concat(verdict.Objects.Where(item => item.IsOurs && !(item.Member == federated.Home && IsFederated(item))).Select(static item => item.Member))
            .Distinct()
            .Order(),
    ];

    private static bool IsFederated(JudgedObject item) => item.Kind == Model.Resources.ResourceKind.FederatedIngress;

    private static IEnumerable<StatusStatement> ConditionsOf(IngressVerdict verdict, FederatedVerdict federated, List<MemberName> members, StatusFacts facts)
    {
        foreach (var condition in federated.Conditions.Where(static condition => condition.Type != ConditionType.Stale))
            yield return StatusStatement.Of(condition);
        var isAccepted = federated.Conditions.Any(static condition => condition is { Type: ConditionType.Accepted, Status: true });
        if (isAccepted && !federated.Conditions.Any(static condition => condition.Type == ConditionType.ResolvedRefs))
            yield return ReferencesOf(verdict);
        yield return facts.Programmed;
        yield return StalenessOf(members, facts.Survey.Members);
    }

    /// <summary>Of all copies that a reference stands for.</summary>
    private static StatusStatement ReferencesOf(IngressVerdict verdict)
    {
        var references = verdict.Conditions.Where(static item => item.Condition.Type == ConditionType.ResolvedRefs).Select(static item => item.Condition).ToList();
        if (references.Find(static condition => !condition.Status) is { } missing)
            return StatusStatement.Of(missing);
        return references.Count > 0
            ? new StatusStatement(nameof(ConditionType.ResolvedRefs), true, Reasons.ResolvedRefs, "all that the copies name exists")
            : new StatusStatement(
                nameof(ConditionType.ResolvedRefs), false, Reasons.IngressNotFound,
                $"no member has an Ingress {verdict.Ingress} that is merged; create it with our class, or use spec.template");
    }

    private static StatusStatement StalenessOf(List<MemberName> members, ImmutableSortedDictionary<MemberName, MemberTraits> traits)
    {
        var stale = members.FindAll(member => traits.GetValueOrDefault(member) is { IsStale: true });
        return stale.Count == 0
            ? new StatusStatement(nameof(ConditionType.Stale), false, Reasons.UpToDate, "all members are read")
            : StaleOf(stale, traits[stale[0]]);
    }

    private static StatusStatement StaleOf(List<MemberName> stale, MemberTraits first) => new(
        nameof(ConditionType.Stale),
        true,
        first.StaleReason.Length > 0 ? first.StaleReason : Reasons.Unreachable,
        $"what is known of {string.Join(", ", stale)} may be out of date; it stays as last seen");

    private static ClusterReport ClusterOf(
        IngressVerdict verdict, FederatedVerdict federated, MemberName member, Count count, int? weight, StatusFacts facts)
    {
        var traits = facts.Survey.Members.GetValueOrDefault(member);
        var conditions = verdict.Conditions
            .Where(item => item.Member == member && item.Condition.Type != ConditionType.Stale && !(federated.HasTemplate && member == federated.Home))
            .Select(static item => StatusStatement.Of(item.Condition));
        if (federated.HasTemplate && count.Missing is { } service)
            conditions = conditions.Where(static item => item.Type != nameof(ConditionType.ResolvedRefs)).Append(new StatusStatement(
                nameof(ConditionType.ResolvedRefs), false, Reasons.ServiceNotFound, $"{member} has no Service {service}; it gets none of its requests"));
        var report = new ClusterReport(member, traits?.Region ?? "", count.Total, count.Ready, weight);
        if (traits is not { IsStale: true })
            return report with { Conditions = conditions.ToEquatableArray() };
        var since = facts.StaleSince.GetValueOrDefault(member, facts.Now);
        return report with
        {
            LastObserved = since,
            Stale = Rounded(facts.Now - since),
            Conditions = conditions.Append(StaleOf([member], traits)).ToEquatableArray(),
        };
    }

    /// <summary>
    /// Percent of new requests by policy, state and endpoints that take traffic. A proxy moves more away from endpoints that fail its own checks,
    /// and by its own place.
    /// </summary>
    private static int?[] WeightsOf(
        Fragment.Ingress fragment, List<MemberName> members, List<Count> counts, ImmutableSortedDictionary<MemberName, MemberTraits> traits)
    {
        var weights = new int?[members.Count];
        if (fragment.Traffic is not { } policy)
            return weights;
        var routed = fragment.Routes.SelectMany(static route => route.Members).ToHashSet();
        int[] groups = [.. Enumerable.Range(0, members.Count).Where(i => routed.Contains(members[i]))];
        var inputs = groups.Select(i =>
        {
            var cluster = policy.Of(members[i]);
            var isActive = cluster.State == MemberState.Active && traits.GetValueOrDefault(members[i], MemberTraits.Default).State == MemberState.Active;
            return new ShareInput(cluster.Priority, LocalityTier.Any, isActive ? cluster.Weight : 0, counts[i].Ready + counts[i].Unready, counts[i].Ready)
            {
                IsAbsent = counts[i].Ready == 0,
            };
        }).ToList();
        var shares = Shares.Of(inputs, policy.HealthThresholdPercent, policy.MinHealthyEndpoints);
        for (var i = 0; i < groups.Length; i++)
            weights[groups[i]] = (int)Math.Round(shares[i] * 100, MidpointRounding.AwayFromZero);
        return weights;
    }

    private static Count CountOf(MemberName member, EquatableArray<RouteClaim> routes, ImmutableDictionary<ObjectKey, ServiceFacts> services)
    {
        var (total, ready, unready, missing) = (0, 0, 0, (string?)null);
        foreach (var service in routes.Where(route => route.Members.Items.Contains(member)).GroupBy(static route => route.Backend.Service))
        {
            var facts = services.GetValueOrDefault(service.Key);
            var published = facts?.Published?.Members.FirstOrDefault(item => item.Member == member);
            if (published is null)
                missing ??= service.Key.ToString();
            var ports = service.Select(static route => route.Backend.Port).Distinct().Select(port => published?.Find(port)).OfType<BackendPort>().ToList();
            var taking = ports.SelectMany(static port => port.Endpoints).Select(static endpoint => endpoint.Pod.Length > 0 ? endpoint.Pod : endpoint.Address).Distinct(StringComparer.Ordinal).Count();
            var pods = facts?.Copies.FirstOrDefault(item => item.Member == member) is { } copy ? EndpointCounts.Pods(copy) : null;
            ready += taking;
            // The same pods at each port.
            unready += ports.Select(static port => port.Unready.Sum(static zone => zone.Count)).DefaultIfEmpty().Max();
            total += Math.Max(pods ?? 0, taking);
        }

        return new Count(total, ready, unready, missing);
    }

    /// <param name="Total">Also those that terminate.</param>
    /// <param name="Unready">Without those.</param>
    /// <param name="Missing">A Service that the member lacks.</param>
    private readonly record struct Count(int Total, int Ready, int Unready, string? Missing);
}
