using System.Globalization;
using MultiCluster.HAProxy.Program;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Data;

/// <summary>Routes of connections: each needs a port that the program listens on.</summary>
public sealed partial class DesiredData
{
    private readonly SortedDictionary<int, TcpPort> _tcp = [];

    private IReadOnlyDictionary<int, string> _unbound = new Dictionary<int, string>();

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

    /// <param name="ports">
    /// With the reason, those that HAProxy can't listen on here, such as another process' own: it would refuse all of its program for one of them.
    /// </param>
    public Touched LeaveOut(IReadOnlyDictionary<int, string> ports)
    {
        var touched = new Touched();
        var changed = _unbound.Keys.Union(ports.Keys).ToList();
        _unbound = ports;
        foreach (var key in changed.Select(RouteKey.OfPort))
        {
            if (!_routes.TryGetValue(key, out var route))
                continue;
            NotePort(key, route);
            WriteRoute(key, touched);
        }

        return touched;
    }

    /// <summary>As below, with who asks.</summary>
    private string? PortProblem(Route route) => PortProblem(route.Key.Port!.Value) is { } problem ? $"{problem} (asked for by {route.Ingress})" : null;

    /// <summary>Null when proxies may listen there.</summary>
    private string? PortProblem(int port) =>
        _steering.TakenPorts.Contains(port) ? string.Create(CultureInfo.InvariantCulture, $"port {port} is one of haproxy.listen, or one that this process listens on itself; choose another")
        : _unbound.TryGetValue(port, out var reason) ? string.Create(CultureInfo.InvariantCulture, $"HAProxy can't listen on port {port} of this machine: {reason}; free it or choose another. It is tried again")
        : !_steering.TcpRange.Has(port) ? string.Create(CultureInfo.InvariantCulture, $"port {port} is not among those of haproxy.tcp-services, {_steering.TcpRange.First} to {_steering.TcpRange.Last}; choose another")
        : null;

    /// <summary>What the data of a port are; null when nothing may go there.</summary>
    private string? ValueOfPort(Route route, string value) => route.Policy?.Closed == true || PortProblem(route.Key.Port!.Value) is not null ? null : value;
}
