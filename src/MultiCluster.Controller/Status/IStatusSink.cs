using MultiCluster.Model.Identity;

namespace MultiCluster.Controller.Status;

/// <summary>Where addresses of one member's Ingresses are written.</summary>
public interface IStatusSink
{
    /// <returns>Null when written or when the object is gone; otherwise why not.</returns>
    Task<string?> WriteAsync(ObjectKey ingress, IReadOnlyList<string> addresses, CancellationToken cancellationToken);
}
