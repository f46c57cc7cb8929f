using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Data;

/// <summary>An HAProxy backend that some route uses.</summary>
public sealed class DesiredBackend(PlaceKey key)
{
    public PlaceKey Key { get; } = key;

    public string RealName { get; } = BackendNames.RealName(key);

    /// <summary>False: it gets no servers and no place, see <see cref="BackendNames.IsUsable"/>.</summary>
    public bool IsUsable { get; } = BackendNames.IsUsable(key);

    /// <summary>HAProxy's name; null until it has had an endpoint, so that idle Services take no slot.</summary>
    public string? Name { get; set; }

    /// <summary>Without a policy.</summary>
    public HashSet<RouteKey> Routes { get; } = [];

    /// <summary>Choices that this is a group of.</summary>
    public HashSet<SteerKey> Steers { get; } = [];

    public bool IsUsed => Routes.Count > 0 || Steers.Count > 0;

    public Dictionary<string, ServerSpec> Servers { get; private set; } = new(StringComparer.Ordinal);

    /// <summary>Servers that HAProxy checks.</summary>
    public int CheckedServers { get; private set; }

    /// <summary>Lines of the start file; null when they must be written anew.</summary>
    public string? Rendered { get; set; }

    /// <summary>False when nothing changed.</summary>
    public bool Replace(Dictionary<string, ServerSpec> servers)
    {
        if (servers.Count == Servers.Count && servers.All(server => Servers.TryGetValue(server.Key, out var held) && held.IsDraining == server.Value.IsDraining))
            return false;
        Servers = servers;
        CheckedServers = servers.Values.Count(static server => server.IsChecked);
        Rendered = null;
        return true;
    }
}
