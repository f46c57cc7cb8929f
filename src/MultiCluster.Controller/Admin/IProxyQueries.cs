using MultiCluster.Model.Admin;

namespace MultiCluster.Controller.Admin;

/// <summary>What every role can answer.</summary>
public interface IProxyQueries
{
    Task<IReadOnlyList<ProxyView>> ProxiesAsync(CancellationToken cancellationToken);

    /// <summary>Null when there is none of that name.</summary>
    Task<ProxyDetailView?> ProxyAsync(string name, CancellationToken cancellationToken);

    Task<ReadyState> ReadyAsync(CancellationToken cancellationToken);
}
