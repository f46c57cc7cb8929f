using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Controller.Status;

/// <summary>Where certificates that we have got are kept in one member.</summary>
public interface ISecretSink
{
    /// <summary>A Secret that somebody else made stays as it is, which is a failure.</summary>
    Task<SinkResult> WriteAsync(ObjectKey secret, TlsSecretResource content, CancellationToken cancellationToken);
}
