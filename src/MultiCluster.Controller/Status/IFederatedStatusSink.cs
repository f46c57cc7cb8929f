using MultiCluster.Model.Identity;

namespace MultiCluster.Controller.Status;

/// <summary>Where the status of the home cluster's FederatedIngresses is written.</summary>
public interface IFederatedStatusSink
{
    /// <summary>Writes nothing that is there already.</summary>
    Task<SinkResult> WriteAsync(ObjectKey ingress, FederatedStatus status, CancellationToken cancellationToken);
}
