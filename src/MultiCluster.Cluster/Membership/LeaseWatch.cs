using System.Collections.Immutable;

namespace MultiCluster.Cluster.Membership;

/// <summary>
/// How long each node's record has stayed the same, by this node's monotonic clock alone. Only time between two reads that both
/// succeeded counts, and of a long gap only as much as watching could explain: a paused process and a store that was down have seen nothing.
/// </summary>
internal sealed record LeaseWatch(ImmutableSortedDictionary<string, LeaseWatch.Watched> Nodes)
{
    public static readonly LeaseWatch Empty = new(ImmutableSortedDictionary.Create<string, Watched>(StringComparer.Ordinal));

    /// <param name="started">When the read was sent: the records are not older.</param>
    /// <param name="ended">When it came back: a change that it shows for the first time may have happened until just before.</param>
    /// <param name="gap">Most that one gap counts.</param>
    public LeaseWatch Observe(StoreSnapshot snapshot, TimeSpan started, TimeSpan ended, TimeSpan gap)
    {
        var nodes = ImmutableSortedDictionary.CreateBuilder<string, Watched>(StringComparer.Ordinal);
        foreach (var node in snapshot.Nodes)
        {
            var known = Nodes.TryGetValue(node.Value.Name, out var before);
            nodes[node.Value.Name] = known && before.Version == node.Version
                ? before.Unchanged(started, gap)
                : new Watched(node.Version, ended, TimeSpan.Zero, HasChanged: known);
        }
        return new LeaseWatch(nodes.ToImmutable());
    }

    /// <summary>What has been waited counts no more; who was seen to renew stays known.</summary>
    public LeaseWatch Anew() => new(Nodes.ToImmutableSortedDictionary(
        static node => node.Key, static node => node.Value with { Waited = TimeSpan.Zero }, StringComparer.Ordinal));

    /// <summary>Whether the record has stayed the same for a whole TTL under our eyes.</summary>
    public bool HasEnded(Stored<NodeRecord> node, TimeSpan ttl) =>
        Nodes.TryGetValue(node.Value.Name, out var watched) && watched.Version == node.Version && watched.Waited >= ttl;

    /// <summary>Whether somebody renewed it under our eyes.</summary>
    public bool IsRenewed(string name) => Nodes.TryGetValue(name, out var watched) && watched.HasChanged;

    public TimeSpan Waited(string name) => Nodes.TryGetValue(name, out var watched) ? watched.Waited : TimeSpan.Zero;

    /// <param name="Counted">Until when the waiting has been counted.</param>
    internal readonly record struct Watched(string Version, TimeSpan Counted, TimeSpan Waited, bool HasChanged)
    {
        public Watched Unchanged(TimeSpan started, TimeSpan gap)
        {
            var passed = started - Counted;
            if (passed <= TimeSpan.Zero)
                return this;
            return this with { Counted = started, Waited = Waited + (passed < gap ? passed : gap) };
        }
    }
}
