using MultiCluster.EndToEnd.Tests.Support;

namespace MultiCluster.EndToEnd.Tests.Cluster;

/// <summary>A service with one pod in each member, and the pods that take its place in turn.</summary>
internal sealed class ChangingService
{
    public const string Namespace = "show";

    /// <summary>Of one member, so many that a pod comes back only long after it went.</summary>
    private const int Ring = 8;

    private readonly EchoPods _pods;
    private readonly Dictionary<string, List<Pod>> _rings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _at = new(StringComparer.Ordinal);

    public ChangingService(string name, EchoPods pods, IReadOnlyList<IMemberDriver> members)
    {
        Target = new Target($"http://{name}.test/", name);
        _pods = pods;
        foreach (var member in members)
            (_rings[member.Name], _at[member.Name]) = (pods.New(Ring, member.Name, Namespace, name), 0);
    }

    public Target Target { get; }

    public string Name => Target.Service;

    public string Host => $"{Name}.test";

    /// <summary>Those that have to answer now.</summary>
    public IEnumerable<Pod> Current => _rings.Select(ring => ring.Value[_at[ring.Key]]);

    /// <summary>All objects of a member, with its first pod.</summary>
    public string Manifests(IMemberDriver member, string tlsSecret) => Yaml.Join(
        Yaml.Service(Namespace, Name),
        Slice(member),
        Yaml.Ingress(Namespace, Name, Host, [Yaml.Path("/", "Prefix", Name)], tls: Yaml.Tls(tlsSecret, Host)));

    /// <summary>Another pod takes the place of the member's.</summary>
    /// <param name="beforehand">Called with the fresh one before anybody can know of it.</param>
    /// <returns>The pod that came, and the one that went.</returns>
    public async Task<(Pod Fresh, Pod Gone)> ReplaceAsync(IMemberDriver member, Action<Pod> beforehand)
    {
        var ring = _rings[member.Name];
        var gone = ring[_at[member.Name]];
        _at[member.Name] = (_at[member.Name] + 1) % Ring;
        var fresh = ring[_at[member.Name]];
        beforehand(fresh);
        await member.ApplyAsync(Slice(member));
        return (fresh, gone);
    }

    private string Slice(IMemberDriver member) => Yaml.Slice(Namespace, Name, _pods.Port, [_rings[member.Name][_at[member.Name]]]);
}
