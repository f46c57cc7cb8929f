using System.Collections.Immutable;
using MultiCluster.Controller.Status;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Kubernetes.Status;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;

namespace MultiCluster.Host.Status;

/// <summary>FederatedIngresses of the home cluster's API server.</summary>
internal sealed class FederatedStatusSink(IApiConnection home, TimeProvider time) : IFederatedStatusSink
{
    private readonly FederatedIngressStatusWriter _writer = new(home, time);

    public async Task<SinkResult> WriteAsync(ObjectKey ingress, FederatedStatus status, CancellationToken cancellationToken) => Sinks.Of(await _writer.WriteAsync(
        ingress,
        new FederatedIngressStatus(status.Generation, Sinks.Of(status.Conditions), status.Addresses.Items, [.. status.Clusters.Select(Of)]),
        cancellationToken));

    private static ClusterStatus Of(ClusterReport report) => new(report.Cluster, report.Total, report.Ready, report.EffectiveWeight)
    {
        Region = report.Region,
        LastObserved = report.LastObserved,
        Stale = report.Stale,
        Conditions = Sinks.Of(report.Conditions),
    };
}

/// <summary>MemberClusters of the API server that has them.</summary>
internal sealed class MemberClusterSink(IApiConnection home, TimeProvider time) : IMemberClusterSink
{
    private readonly MemberClusterStatusWriter _writer = new(home, time);

    public async Task<SinkResult> WriteAsync(string name, MemberClusterReport report, CancellationToken cancellationToken) => Sinks.Of(await _writer.WriteAsync(
        name, new MemberClusterStatus(report.Generation, Sinks.Of(report.Conditions), report.LastSync), cancellationToken));
}

/// <summary>Addresses of Ingresses in one member's API server.</summary>
internal sealed class IngressStatusSink(IApiConnection connection) : IStatusSink
{
    private readonly IngressStatusWriter _writer = new(connection);

    public async Task<SinkResult> WriteAsync(ObjectKey ingress, IReadOnlyList<string> addresses, CancellationToken cancellationToken) =>
        Sinks.Of(await _writer.WriteAsync(ingress, addresses, cancellationToken));
}

internal static class Sinks
{
    public static SinkResult Of(StatusWriteResult result) => new(
        result.Outcome switch
        {
            StatusWriteOutcome.Ok => SinkOutcome.Done,
            StatusWriteOutcome.NotFound => SinkOutcome.Gone,
            StatusWriteOutcome.Forbidden => SinkOutcome.Forbidden,
            _ => SinkOutcome.Failed,
        },
        result.Message);

    public static ImmutableArray<StatusCondition> Of(EquatableArray<StatusStatement> statements) =>
        [.. statements.Select(static item => new StatusCondition(item.Type, item.Status, item.Reason, item.Message))];
}
