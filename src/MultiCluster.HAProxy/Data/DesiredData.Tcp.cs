using System.Globalization;
using MultiCluster.HAProxy.Program;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Data;

/// <summary>Routes of connections: each needs a port that the program listens on.</summary>
public sealed partial class DesiredData
{
    private readonly SortedDictionary<int, TcpPort> _tcp = [];

    /// <summary>What the program has to listen on besides its own.</summary>
    public EquatableArray<TcpPort> TcpPorts { get; private set; } = [];

    private void NotePort(RouteKey key, Route? route)
    {
        if (key.Port is not { } port)
            return;
        if (route is null || PortProblem(port) is not null)
            _tcp.Remove(port);
        else
            _tcp[port] = new TcpPort(port, route.Policy?.Tcp?.AcceptsProxy == true, route.Policy?.Tcp?.Tls == true);
        TcpPorts = _tcp.Values.ToEquatableArray();
    }

    /// <summary>Null when proxies may listen there.</summary>
    private string? PortProblem(int port) =>
        _steering.TakenPorts.Contains(port) ? string.Create(CultureInfo.InvariantCulture, $"port {port} is one of haproxy.listen; choose another")
        : !_steering.TcpRange.Has(port) ? string.Create(CultureInfo.InvariantCulture, $"port {port} is not among those of haproxy.tcp-services, {_steering.TcpRange.First} to {_steering.TcpRange.Last}; choose another")
        : null;

    /// <summary>What the data of a port are; null when nothing may go there.</summary>
    private string? ValueOfPort(Route route, string value) => route.Policy?.Closed == true || PortProblem(route.Key.Port!.Value) is not null ? null : value;
}
