namespace MultiCluster.Cluster;

/// <summary>
/// Bugs that the simulation plants, one at a time, to prove that it would find them. Production code leaves all of them off and
/// can't set them: the property that carries them is internal.
/// </summary>
internal sealed record Faults
{
    public static readonly Faults None = new();

    /// <summary>The table takes what comes last, whatever its epoch.</summary>
    public bool NoFencing { get; init; }

    /// <summary>A region forgets what it held back while a shard moved.</summary>
    public bool DropHandOffBuffer { get; init; }

    /// <summary>A deleted key leaves the table without a trace.</summary>
    public bool NoTombstones { get; init; }

    /// <summary>Anti-entropy takes an absent key, and a tombstone, for news not heard yet.</summary>
    public bool ResurrectingAntiEntropy { get; init; }

    /// <summary>A lease ends by comparing the holder's clock with one's own.</summary>
    public bool TtlFromRecordTime { get; init; }

    /// <summary>A new owner starts from its journal alone.</summary>
    public bool TakeoverFromJournalOnly { get; init; }

    /// <summary>A new owner publishes before its sources have told it everything.</summary>
    public bool PublishBeforeComplete { get; init; }

    /// <summary>A delivery counts as settled when it has arrived.</summary>
    public bool AckBeforePublish { get; init; }

    /// <summary>A node that reads that others declared it dead goes on.</summary>
    public bool IgnoreOwnDeath { get; init; }

    /// <summary>Epochs come from the store alone, also after it was restored from a backup.</summary>
    public bool EpochFromStoreOnly { get; init; }

    /// <summary>All shards that should live elsewhere move at once, and with every change of nodes.</summary>
    public bool UnboundedRebalance { get; init; }

    /// <summary>Time in which the store could not be read counts against the holder.</summary>
    public bool CountUnreadableTime { get; init; }

    /// <summary>A key that a source does not mention is gone, also before that source has told everything.</summary>
    public bool AbsenceIsDeletion { get; init; }

    /// <summary>A hand-off has no timers of its own.</summary>
    public bool HandOffWithoutTimers { get; init; }

    /// <summary>A message that comes twice is taken twice.</summary>
    public bool NoDuplicateFilter { get; init; }

    /// <summary>A table counts as ready before every shard has been heard of.</summary>
    public bool ReadyAtOnce { get; init; }

    /// <summary>A source does not tell a new owner everything again.</summary>
    public bool NoResendAfterOwnerChange { get; init; }

    /// <summary>Tombstones are dropped by age alone.</summary>
    public bool CollectTombstonesByAge { get; init; }

    /// <summary>That a source has been taken out is told to the entities that run at that moment only.</summary>
    public bool RemovalToldOnce { get; init; }
}
