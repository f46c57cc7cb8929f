namespace MultiCluster.HAProxy.Data;

/// <summary>
/// What may differ between desire and HAProxy: the planner looks at these only, which is why one change costs the same at
/// any size.
/// </summary>
public sealed class Touched
{
    public HashSet<MapKey> Maps { get; } = [];

    public HashSet<string> Backends { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Certificates { get; } = new(StringComparer.Ordinal);

    public bool IsEmpty => Maps.Count == 0 && Backends.Count == 0 && Certificates.Count == 0;

    public void Add(Touched other)
    {
        Maps.UnionWith(other.Maps);
        Backends.UnionWith(other.Backends);
        Certificates.UnionWith(other.Certificates);
    }

    public void Clear()
    {
        Maps.Clear();
        Backends.Clear();
        Certificates.Clear();
    }
}
