using System.Collections.Immutable;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;

namespace MultiCluster.Kubernetes.Status;

/// <summary>status of a MemberCluster.</summary>
/// <param name="Conditions">Reachable, Synced, CredentialsValid, Stale.</param>
/// <param name="LastSync">When all kinds were last known to be up to date, for people: written in whole minutes; null while that was never so.</param>
public sealed record MemberClusterStatus(long ObservedGeneration, ImmutableArray<StatusCondition> Conditions, DateTimeOffset? LastSync)
{
    public const string Reachable = "Reachable";
    public const string Synced = "Synced";
    public const string CredentialsValid = "CredentialsValid";
    public const string Stale = "Stale";
}

/// <summary>Writes status of MemberClusters of the home cluster.</summary>
public sealed class MemberClusterStatusWriter(IApiConnection home, TimeProvider time)
{
    private static readonly HashSet<string> Ours =
        [MemberClusterStatus.Reachable, MemberClusterStatus.Synced, MemberClusterStatus.CredentialsValid, MemberClusterStatus.Stale];

    private readonly StatusPatcher _patcher = new(home, ResourcePath.MemberClusters);

    /// <param name="name">Of the object.</param>
    public Task<StatusWriteResult> WriteAsync(string name, MemberClusterStatus status, CancellationToken cancellationToken) => _patcher.WriteAsync(
        new ObjectKey("", name),
        (json, before) =>
        {
            json.WriteNumber("observedGeneration", status.ObservedGeneration);
            ConditionJson.Write(json, status.Conditions, JsonText.Field(before, "conditions"), Ours, status.ObservedGeneration, time.GetUtcNow());
            if (status.LastSync is { } last)
                json.WriteString("lastSync", ConditionJson.Time(new DateTimeOffset(last.UtcTicks - (last.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero)));
        },
        cancellationToken);
}
