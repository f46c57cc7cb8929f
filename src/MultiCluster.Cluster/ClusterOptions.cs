namespace MultiCluster.Cluster;

/// <summary>How a node takes part. What follows from the TTL is derived, so that the parts can't contradict each other.</summary>
public sealed record ClusterOptions
{
    /// <summary>The wire and record format of this build. A node refuses to join others that are more than one away.</summary>
    public const int ProtocolVersion = 1;

    /// <summary>Nodes that share a store but not this name refuse each other.</summary>
    public required string ClusterName { get; init; }

    /// <summary>Lower-case letters, digits, '-' and '.', at most 100; part of a record's key.</summary>
    public required string NodeName { get; init; }

    /// <summary>Where peers reach this node; the transport knows what it means.</summary>
    public required string Address { get; init; }

    /// <summary>
    /// Names something that only one run of any node can hold at a time, such as a locked directory, and that this run holds. A record
    /// of the same name and home is then of a run that is over, and need not be watched for a TTL. Null: there is no such thing.
    /// </summary>
    public string? Home { get; init; }

    /// <summary>Used by the first node that ever starts; later ones take what is stored.</summary>
    public int Shards { get; init; } = 64;

    public TimeSpan LeaseTtl { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the set of nodes must have been the same before a shard moves for balance alone.</summary>
    public TimeSpan RebalanceDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Shards that this node gives away at one time for balance. A leaving node gives all.</summary>
    public int MaxHandOffs { get; init; } = 4;

    /// <summary>How long a hand-off waits until every peer holds back what is for the shard.</summary>
    public TimeSpan AnnounceTimeout { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How long a hand-off waits for entities to stop and their writes to be flushed.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a hand-off waits for the store to take the release, before the shard is served on.</summary>
    public TimeSpan ReleaseTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a leaving node waits for others to own what it gave up.</summary>
    public TimeSpan LeaveTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a joining node waits for a replica of the table before it takes shards without one.</summary>
    public TimeSpan JoinTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a new owner waits for what its peers know of a shard.</summary>
    public TimeSpan PeerRecoveryTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one try of reading a shard's journal may take; it is tried again while the shard waits for sources.</summary>
    public TimeSpan JournalTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a new owner waits for a source that says nothing before it counts as unreachable.</summary>
    public TimeSpan SourceTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Shards whose journals are read at the same time.</summary>
    public int MaxRecoveries { get; init; } = 4;

    /// <summary>Messages that wait on this node for shards without a reachable owner, in all.</summary>
    public int BufferCapacity { get; init; } = 10_000;

    public TimeSpan AntiEntropyInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a tombstone is kept at least; see Replication in README.md for when it may go.</summary>
    public TimeSpan TombstoneRetention { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often the store is read when nothing calls for it sooner.</summary>
    public TimeSpan PollInterval => LeaseTtl / 10;

    public TimeSpan RenewInterval => LeaseTtl / 4;

    /// <summary>An operation on the store that takes longer has an unknown outcome.</summary>
    public TimeSpan StoreTimeout => LeaseTtl / 4;

    /// <summary>
    /// What the holder allows itself of its TTL. The rest covers clocks that run at different speeds, up to a tenth.
    /// </summary>
    public TimeSpan HolderTtl => LeaseTtl * 0.9;

    /// <summary>Longest time between two reads that is believed to have been spent watching.</summary>
    public TimeSpan WatchGap => PollInterval * 2;

    /// <summary>How long records of dead nodes are kept for status.</summary>
    public TimeSpan ForgetAfter => LeaseTtl * 60;

    internal Faults Faults { get; init; } = Faults.None;

    /// <returns>What is wrong with the options and how to mend it; null if nothing is.</returns>
    public string? Fault()
    {
        if (NodeName.Length is 0 or > 100 || !NodeName.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.'))
            return $"node name '{NodeName}' must be 1 to 100 lower-case letters, digits, '-' or '.'";
        if (ClusterName.Length is 0 or > 100)
            return $"cluster name '{ClusterName}' must have 1 to 100 characters";
        if (Shards is < 1 or > 1024)
            return $"number of shards {Shards} must be 1 to 1024";
        if (LeaseTtl < TimeSpan.FromSeconds(1))
            return $"lease TTL {LeaseTtl} must be at least one second";
        return MaxHandOffs < 1 || MaxRecoveries < 1 || BufferCapacity < 1
            ? "bounds of hand-offs, recoveries and buffered messages must be at least 1"
            : null;
    }
}
