namespace MultiCluster.Cluster.Membership;

/// <summary>This node's own lease as it knows it.</summary>
/// <param name="Version">Of the record this run wrote; null before it has joined.</param>
/// <param name="Sent">When the last renewal that succeeded was sent, since the node started: others may have seen it no earlier.</param>
internal sealed record SelfLease(NodeId Id, NodeState State, string? Version, long Renewals, TimeSpan? Sent)
{
    public static SelfLease Outside(NodeId id) => new(id, NodeState.Joining, null, 0, null);

    public bool HasJoined => Version is not null;

    public bool IsValid(TimeSpan now, ClusterOptions options) => HasJoined && Sent is { } sent && now - sent < options.HolderTtl;
}

/// <summary>What a node does about its own lease after a read.</summary>
internal abstract record SelfStep
{
    private SelfStep()
    {
    }

    public sealed record Nothing(SelfLease Lease) : SelfStep;

    /// <param name="Expected">Version to replace; null for a new record.</param>
    public sealed record Write(SelfLease Lease, string? Expected) : SelfStep;

    /// <summary>Can't join; looked at again with every read.</summary>
    public sealed record Refused(string Reason) : SelfStep;

    /// <summary>Others say that this run is over.</summary>
    public sealed record Dead(string Reason) : SelfStep;
}

/// <summary>Joining, renewing, and learning of one's own death. Pure.</summary>
internal static class MembershipRules
{
    /// <param name="desired">The state the node wants to have once it is in.</param>
    public static SelfStep Next(SelfLease lease, NodeState desired, StoreSnapshot snapshot, LeaseWatch watch, ClusterOptions options, TimeSpan now)
    {
        var record = snapshot.Node(lease.Id.Name);
        if (lease.HasJoined)
            return Renew(lease, desired, record, options, now);
        if (record?.Value.Incarnation == lease.Id.Incarnation && record.Value.IsAlive)
            return new SelfStep.Write(lease with { Renewals = lease.Renewals + 1 }, record.Version);
        return Join(lease, record, snapshot, watch, options);
    }

    /// <summary>Nodes whose lease ended before our eyes.</summary>
    public static IEnumerable<Stored<NodeRecord>> Ended(NodeId self, StoreSnapshot snapshot, LeaseWatch watch, ClusterOptions options, DateTimeOffset wall)
    {
        foreach (var node in snapshot.Nodes)
        {
            if (node.Value.Name == self.Name || !node.Value.IsAlive)
                continue;
            if (options.Faults.TtlFromRecordTime ? wall - node.Value.RenewedAt > options.LeaseTtl : watch.HasEnded(node, options.LeaseTtl))
                yield return node;
        }
    }

    private static SelfStep Renew(SelfLease lease, NodeState desired, Stored<NodeRecord>? record, ClusterOptions options, TimeSpan now)
    {
        var dead = record switch
        {
            null => "its record is gone",
            { Value.IsAlive: false } => "it was declared down",
            _ when record.Value.Incarnation != lease.Id.Incarnation => $"its record belongs to {record.Value.Id}",
            _ => null,
        };
        if (dead is not null)
            return options.Faults.IgnoreOwnDeath ? new SelfStep.Nothing(lease with { Sent = now }) : new SelfStep.Dead(dead);
        // A write of ours whose outcome we did not learn, or a store restored from a backup: the record is ours all the same.
        var current = lease with { Version = record!.Version };
        var due = lease.State != desired || lease.Version != record.Version || lease.Sent is not { } sent || now - sent >= options.RenewInterval;
        return due
            ? new SelfStep.Write(current with { State = desired, Renewals = Math.Max(lease.Renewals, record.Value.Renewals) + 1 }, record.Version)
            : new SelfStep.Nothing(current);
    }

    private static SelfStep Join(SelfLease lease, Stored<NodeRecord>? record, StoreSnapshot snapshot, LeaseWatch watch, ClusterOptions options)
    {
        if (Mismatch(snapshot, options) is { } mismatch)
            return new SelfStep.Refused(mismatch);
        if (record is null || !record.Value.IsAlive || IsOver(record.Value, options) || watch.HasEnded(record, options.LeaseTtl))
            return new SelfStep.Write(lease with { Renewals = 1 }, record?.Version);
        return watch.IsRenewed(lease.Id.Name)
            ? new SelfStep.Refused($"node name '{lease.Id.Name}' is in use by a live node at {record.Value.Address}; give each node its own cluster.node")
            : new SelfStep.Nothing(lease);
    }

    /// <summary>Its run had what only one run can have, and we have it now.</summary>
    private static bool IsOver(NodeRecord record, ClusterOptions options) => options.Home is { } home && record.Home == home;

    private static string? Mismatch(StoreSnapshot snapshot, ClusterOptions options)
    {
        if (snapshot.Unreadable.Contains(RecordCodec.ClusterKey) || snapshot.Unreadable.Contains(RecordCodec.EpochKey))
            return "the lease store's records 'cluster' or 'epoch' can't be read by this version";
        if (snapshot.Cluster is { } config && config.Value.Cluster != options.ClusterName)
            return $"the lease store belongs to cluster '{config.Value.Cluster}', this node is configured for '{options.ClusterName}'; use another store or another cluster.name";
        foreach (var node in snapshot.Nodes)
        {
            if (node.Value.IsAlive && Math.Abs(node.Value.Protocol - ClusterOptions.ProtocolVersion) > 1)
                return $"node '{node.Value.Name}' speaks protocol {node.Value.Protocol}, this build {ClusterOptions.ProtocolVersion}; upgrade one version at a time";
        }
        return null;
    }
}
