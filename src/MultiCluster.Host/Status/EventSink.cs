using MultiCluster.Controller.Status;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Kubernetes.Status;
using MultiCluster.Model.Resources;

namespace MultiCluster.Host.Status;

/// <summary>Events in one member's API server.</summary>
internal sealed class EventSink(IApiConnection connection, TimeProvider time) : IEventSink
{
    private const string Reporter = "multicluster-ingress.github.io/controller";
    private const string Action = "Merge";

    private readonly EventWriter _writer = new(connection, Reporter, Environment.MachineName, time);

    public async Task<SinkResult> WriteAsync(ObjectEvent happened, CancellationToken cancellationToken)
    {
        var kind = happened.Kind == ResourceKind.FederatedIngress ? ResourcePath.FederatedIngresses : ResourcePath.Ingresses;
        var result = await _writer.WriteAsync(
            new EventReport(kind, happened.Object, happened.Uid, happened.IsWarning, happened.Reason, Action, happened.Message), cancellationToken);
        return new SinkResult(OutcomeOf(result.Outcome), result.Message);
    }

    /// <summary>What is only counted, or too much of one object, has been told: it is not tried again.</summary>
    private static SinkOutcome OutcomeOf(EventOutcome outcome) => outcome switch
    {
        EventOutcome.Forbidden => SinkOutcome.Forbidden,
        EventOutcome.Failed => SinkOutcome.Failed,
        _ => SinkOutcome.Done,
    };
}
