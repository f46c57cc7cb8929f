using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Identity;

namespace MultiCluster.HAProxy.Data;

/// <summary>A server as HAProxy holds it.</summary>
/// <param name="HasChecksOff">It could be checked, and is not.</param>
/// <param name="IsDown">It fails its checks.</param>
public readonly record struct ActualServer(string Address, int Port, bool InMaintenance, bool IsDraining = false, bool IsDown = false, bool HasChecksOff = false)
{
    /// <summary>An agent is asked how it is: whether it drains or is in maintenance may be the agent's word.</summary>
    public bool AsksAgent { get; init; }

    /// <summary>Its start file had it disabled: a maintenance may be that file's word, which no agent takes back that says how busy it is.</summary>
    public bool WasDisabled { get; init; }

    /// <summary>
    /// An agent decides for itself as long as it is asked. It is asked of a server that takes requests, and not of one that is to drain, which it could
    /// call back.
    /// </summary>
    public bool IsAs(ServerSpec wanted) => wanted.HasAgent && !wanted.IsDraining ? AsksAgent && !(InMaintenance && WasDisabled) : !AsksAgent && !InMaintenance && IsDraining == wanted.IsDraining;
}

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

    /// <summary>
    /// What names get that no other certificate covers: its fingerprint when it was set from here, and when it was read the hexadecimal SHA-1 of its
    /// leaf, which is all that HAProxy tells. Null: unknown.
    /// </summary>
    public string? DefaultCertificate { get; set; }

    /// <summary>Relative names of files of authorities and revocation lists in memory.</summary>
    public HashSet<string> LoadedTrust { get; } = new(StringComparer.Ordinal);

    /// <summary>Full names of such files that somebody began to change and has not committed.</summary>
    public Dictionary<string, TrustKind> TrustTransactions { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Full name of the certificate that somebody began to change and has not committed. HAProxy has one such transaction, and
    /// while it is open no other certificate can be changed.
    /// </summary>
    public string? CertificateTransaction { get; set; }

    /// <summary>False for a HAProxy whose program has no certificate list: certificates wait for its reload.</summary>
    public bool TakesCertificates { get; init; } = true;

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

    /// <summary>Number of slots of each profile, which are numbered without gaps.</summary>
    /// <returns>Whose servers there are; null when there are none, which says nothing, or hands have made one that may be anybody's.</returns>
    public IReadOnlySet<MemberName>? Members()
    {
        var members = new HashSet<MemberName>();
        foreach (var server in Backends.Where(static backend => backend != ProgramRenderer.AuthoritiesBackend).SelectMany(backend => Servers(backend).Keys))
        {
            if (BackendNames.MemberOf(server) is not { } member)
                return null;
            members.Add(member);
        }

        return members.Count > 0 ? members : null;
    }

    public IReadOnlyDictionary<BackendProfile, int> CountSlots() => _backends.Keys
        .Select(static name => BackendPool.SlotOf(name)?.Profile).OfType<BackendProfile>()
        .GroupBy(static profile => profile).ToDictionary(static slots => slots.Key, static slots => slots.Count());

    /// <summary>Of each of these backends that is there, the servers that fail their checks.</summary>
    public Dictionary<string, IReadOnlySet<string>> Down(IEnumerable<string> backends) => backends.Where(HasBackend).ToDictionary(
        static name => name,
        name => (IReadOnlySet<string>)Servers(name).Where(static server => server.Value.IsDown).Select(static server => server.Key).ToHashSet(StringComparer.Ordinal),
        StringComparer.Ordinal);

    /// <summary>
    /// Takes an entry as <c>show map</c> tells it. A key that is none of ours, made by hand, could not be written in a command;
    /// it goes by its number then. Of two entries with one key the first one counts.
    /// </summary>
    /// <param name="number">HAProxy's number of the entry.</param>
    public void TakeMapEntry(MapName map, ulong number, string key, string value) =>
        _maps[map].TryAdd(SafeText.IsKey(map, key) && !RouteMaps.IsReference(key) ? key : RouteMaps.Reference(number), value);

    public Touched TouchAll()
    {
        var touched = new Touched();
        foreach (var (map, entries) in _maps)
            touched.Maps.UnionWith(entries.Keys.Select(key => new MapKey(map, key)));
        // Also without servers: one that a start file brought back may be nobody's by now.
        touched.Backends.UnionWith(_backends.Keys);
        touched.Certificates.UnionWith(ListedCertificates);
        touched.Certificates.UnionWith(LoadedCertificates);
        touched.Certificates.UnionWith(LoadedTrust);
        return touched;
    }
}
