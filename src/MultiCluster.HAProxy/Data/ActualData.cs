namespace MultiCluster.HAProxy.Data;

/// <summary>A server as HAProxy holds it.</summary>
public readonly record struct ActualServer(string Address, int Port, bool InMaintenance);

/// <summary>
/// What HAProxy holds, as last read from it or as it confirmed since. Never written from desire: a change enters here when
/// HAProxy said that it was made.
/// </summary>
public sealed class ActualData
{
    private readonly Dictionary<MapName, Dictionary<string, string>> _maps =
        RouteMaps.All.ToDictionary(static map => map, static _ => new Dictionary<string, string>(StringComparer.Ordinal));

    private static readonly IReadOnlyDictionary<string, ActualServer> NoServers = new Dictionary<string, ActualServer>();

    private readonly Dictionary<string, Dictionary<string, ActualServer>?> _backends = new(StringComparer.Ordinal);

    /// <summary>Relative names of certificate files in the certificate list.</summary>
    public HashSet<string> ListedCertificates { get; } = new(StringComparer.Ordinal);

    /// <summary>Relative names of certificate files in memory.</summary>
    public HashSet<string> LoadedCertificates { get; } = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Backends => _backends.Keys;

    public Dictionary<string, string> Map(MapName map) => _maps[map];

    public bool HasBackend(string name) => _backends.ContainsKey(name);

    public void AddBackend(string name) => _backends.TryAdd(name, null);

    public void RemoveBackend(string name) => _backends.Remove(name);

    public IReadOnlyDictionary<string, ActualServer> Servers(string backend) =>
        _backends.GetValueOrDefault(backend) ?? NoServers;

    public void SetServer(string backend, string server, ActualServer state)
    {
        if (_backends.GetValueOrDefault(backend) is not { } servers)
            _backends[backend] = servers = new Dictionary<string, ActualServer>(StringComparer.Ordinal);
        servers[server] = state;
    }

    public void RemoveServer(string backend, string server)
    {
        if (_backends.GetValueOrDefault(backend) is not { } servers || !servers.Remove(server))
            return;
        if (servers.Count == 0)
            _backends[backend] = null;
    }

    public Touched TouchAll()
    {
        var touched = new Touched();
        foreach (var (map, entries) in _maps)
            touched.Maps.UnionWith(entries.Keys.Select(key => new MapKey(map, key)));
        foreach (var (name, servers) in _backends)
        {
            if (servers is not null)
                touched.Backends.Add(name);
        }

        touched.Certificates.UnionWith(ListedCertificates);
        touched.Certificates.UnionWith(LoadedCertificates);
        return touched;
    }
}
