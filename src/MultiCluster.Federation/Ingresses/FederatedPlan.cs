using MultiCluster.Federation.Policies;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Ingresses;

/// <summary>What a FederatedIngress asks for.</summary>
/// <param name="Invalid">Why it counts for nothing: then all is as if it were not there.</param>
/// <param name="Placed">Sorted.</param>
/// <param name="Problems">Values that don't count.</param>
internal sealed record FederatedPlan(
    MemberName Home,
    ObjectKey Key,
    Problem? Invalid,
    bool HasTemplate,
    bool IsForeign,
    EquatableArray<MemberName> Placed,
    IReadOnlyList<Problem> Problems,
    TrafficPolicy? Traffic,
    StalenessPolicy Staleness)
{
    /// <summary>Some value of the traffic policy does not count.</summary>
    public bool HasTrafficProblems { get; init; }

    public string Subject => $"{Home}: FederatedIngress {Shown.Key(Key)}";

    /// <summary>It decides what is merged and how.</summary>
    public bool IsInForce => Invalid is null && !IsForeign;

    public bool IsTemplate(IngressCopy copy) => HasTemplate && copy.Member == Home;

    public bool Places(MemberName member) => Placed.AsSpan().BinarySearch(member) >= 0;

    /// <summary>Null when no copy brings one.</summary>
    /// <param name="copies">Sorted by member.</param>
    public static FederatedPlan? Of(IReadOnlyList<IngressCopy> copies, FederationContext context)
    {
        var home = copies.FirstOrDefault(static copy => copy.Federated is not null);
        if (home?.Federated is not { } federated)
            return null;
        if (FederatedShape.ProblemOf(federated) is { } invalid)
            return new FederatedPlan(home.Member, federated.Key, invalid, false, false, [], [], null, StalenessPolicy.Retain);
        var known = context.Known();
        var problems = new List<Problem>();
        if (federated.Refused is { } refused)
            problems.Add(new Problem(Reasons.InvalidObject, refused.Field, $"{refused.Text}. Until that is mended what was written before counts, unchanged"));
        var placed = Place(federated.Placement, known ?? copies.Select(static copy => copy.Member).ToHashSet(), context, problems);
        var traffic = federated.Traffic is { } spec ? PolicyReader.Read(spec, known) : null;
        var staleness = federated.Staleness is { } stale ? PolicyReader.Read(stale) : null;
        problems.AddRange([.. traffic?.Problems ?? [], .. staleness?.Problems ?? []]);
        var hasTemplate = federated.Template is not null;
        return new FederatedPlan(
            home.Member,
            federated.Key,
            null,
            hasTemplate,
            hasTemplate && home.Class != ClassVerdict.Ours,
            placed,
            problems,
            traffic?.Policy,
            staleness?.Policy ?? StalenessPolicy.Retain)
        {
            HasTrafficProblems = traffic?.Problems.IsEmpty == false,
        };
    }

    private static EquatableArray<MemberName> Place(
        FederatedPlacement? placement, IReadOnlySet<MemberName> known, FederationContext context, List<Problem> problems)
    {
        var placed = new SortedSet<MemberName>(known);
        if (placement is null)
            return placed.ToEquatableArray();
        if (!placement.ClusterNames.IsEmpty)
            placed.IntersectWith(Named(placement.ClusterNames, known, problems));
        if (placement.MatchLabels.Count > 0)
            placed.RemoveWhere(member => !Matches(placement.MatchLabels, context.Members.GetValueOrDefault(member)));
        if (placed.Count == 0)
            problems.Add(new Problem(Reasons.NotPlaced, "spec.placement", $"selects no cluster, so that nothing is served; {Words.Known(known)}"));
        return placed.ToEquatableArray();
    }

    private static HashSet<MemberName> Named(EquatableArray<string> names, IReadOnlySet<MemberName> known, List<Problem> problems)
    {
        var named = new HashSet<MemberName>();
        for (var i = 0; i < names.Count; i++)
        {
            var member = new MemberName(names[i] ?? "");
            if (ClusterReader.ProblemOf(member, known) is { } problem)
                problems.Add(new Problem(problem.Reason, $"spec.placement.clusterNames[{i}]", problem.Text));
            else
                named.Add(member);
        }

        return named;
    }

    private static bool Matches(EquatableMap wanted, MemberTraits? traits) =>
        traits is not null && wanted.All(label => string.Equals(traits.Labels.Find(label.Key), label.Value, StringComparison.Ordinal));
}
