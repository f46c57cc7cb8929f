using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;

namespace MultiCluster.Controller.Status;

/// <summary>A condition as it is written to an object, where it may be unknown, too.</summary>
/// <param name="Status">Null: unknown.</param>
public sealed record StatusStatement(string Type, bool? Status, string Reason, string Message)
{
    public static StatusStatement Of(Condition condition) => new(condition.Type.ToString(), condition.Status, condition.Reason, condition.Message);
}

/// <summary>What is written to a FederatedIngress.</summary>
/// <param name="Generation">Of the object that was read.</param>
/// <param name="Addresses">Of the proxies.</param>
/// <param name="Clusters">Ordered by member.</param>
public sealed record FederatedStatus(
    long Generation, EquatableArray<StatusStatement> Conditions, EquatableArray<string> Addresses, EquatableArray<ClusterReport> Clusters)
{
    /// <summary>Without what may change with every pod: how many endpoints there are, as long as there are any.</summary>
    internal FederatedStatus WithoutCounts() => this with
    {
        Clusters = Clusters.Select(static cluster => cluster with { Total = Math.Min(cluster.Total, 1), Ready = Math.Min(cluster.Ready, 1) }).ToEquatableArray(),
    };
}

/// <summary>What a member contributes to a FederatedIngress.</summary>
/// <param name="Total">Endpoints of the Services that its routes name there.</param>
/// <param name="Ready">Those that take traffic.</param>
/// <param name="EffectiveWeight">Percent of new requests; null without a policy, and for a member without a route.</param>
public sealed record ClusterReport(MemberName Cluster, string Region, int Total, int Ready, int? EffectiveWeight)
{
    /// <summary>When it was last known to be as told; null while it is not stale.</summary>
    public DateTimeOffset? LastObserved { get; init; }

    /// <summary>Since then, in steps that grow; null while it is not stale.</summary>
    public TimeSpan? Stale { get; init; }

    public EquatableArray<StatusStatement> Conditions { get; init; } = [];
}
