using System.Net;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit;
using MultiCluster.TestKit.Network;

namespace MultiCluster.EndToEnd.Tests.Cluster;

/// <summary>
/// The network: one path to each controller for the other controllers, who are told apart by the process that holds the other end, and one
/// from each proxy to each controller.
/// </summary>
internal sealed class NodePaths : IAsyncDisposable
{
    private readonly Dictionary<string, TcpRelay> _toController = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Proxy, string Controller), TcpRelay> _ofProxy = [];

    /// <returns>What the controller announces.</returns>
    public IPEndPoint ToController(string name, IPEndPoint listens) => (_toController[name] = Start(listens)).Address;

    /// <returns>What the proxy connects to.</returns>
    public IPEndPoint FromProxy(string proxy, string controller, IPEndPoint listens) => (_ofProxy[(proxy, controller)] = Start(listens)).Address;

    /// <summary>One controller from all others, in both directions. A connection of which nobody can tell whose it is counts as its own: one that slips through would be no partition.</summary>
    public void CutOff(ClusterProgram controller, IReadOnlyList<ClusterProgram> all, Cut how)
    {
        int[] processes = [.. all.Select(static program => program.ProcessId).OfType<int>()];
        foreach (var (name, path) in _toController)
        {
            if (name == controller.Name)
                path.Cut(how);
            else
                path.Cut(how, end => SocketOwners.Among(processes, end) is not { } owner || owner == controller.ProcessId);
        }
    }

    public void CutOff(ClusterProxy proxy, string controller, Cut how) => _ofProxy[(proxy.Name, controller)].Cut(how);

    public void Mend()
    {
        foreach (var path in _toController.Values.Concat(_ofProxy.Values))
            path.Mend();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var path in _toController.Values.Concat(_ofProxy.Values))
            await path.DisposeAsync();
    }

    private static TcpRelay Start(IPEndPoint target)
    {
        var address = Loopback.NewAddress();
        return TcpRelay.Start(new IPEndPoint(address, Loopback.FreePort(address)), target);
    }
}
