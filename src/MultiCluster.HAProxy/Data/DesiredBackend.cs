using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Data;

/// <summary>An HAProxy backend that some route uses.</summary>
public sealed class DesiredBackend(BackendKey key)
{
    public BackendKey Key { get; } = key;

    public string RealName { get; } = BackendNames.RealName(key);

    /// <summary>False: it gets no servers and no place, see <see cref="BackendNames.IsUsable"/>.</summary>
    public bool IsUsable { get; } = BackendNames.IsUsable(key);

    /// <summary>HAProxy's name; null until it has had an endpoint, so that idle Services take no slot.</summary>
    public string? Name { get; set; }

    public HashSet<RouteKey> Routes { get; } = [];

    public Dictionary<string, ServerSpec> Servers { get; private set; } = new(StringComparer.Ordinal);

    /// <summary>Lines of the start file; null when they must be written anew.</summary>
    public string? Rendered { get; set; }

    /// <summary>False when nothing changed.</summary>
    public bool Replace(Dictionary<string, ServerSpec> servers)
    {
        if (servers.Count == Servers.Count && servers.Keys.All(Servers.ContainsKey))
            return false;
        Servers = servers;
        Rendered = null;
        return true;
    }
}
