using MultiCluster.Model.Identity;

namespace MultiCluster.Controller.Status;

/// <summary>Where addresses of one member's Ingresses are written.</summary>
public interface IStatusSink
{
    Task<SinkResult> WriteAsync(ObjectKey ingress, IReadOnlyList<string> addresses, CancellationToken cancellationToken);
}
