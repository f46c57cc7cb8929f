namespace MultiCluster.Cluster.Replication;

/// <summary>Order of what was published: epoch of the shard's ownership, then a count of the owner's.</summary>
public readonly record struct TableVersion(long Epoch, long Number) : IComparable<TableVersion>
{
    /// <summary>Below every version that is ever published.</summary>
    public static readonly TableVersion None;

    public int CompareTo(TableVersion other) => Epoch != other.Epoch ? Epoch.CompareTo(other.Epoch) : Number.CompareTo(other.Number);

    public override string ToString() => $"{Epoch}.{Number}";

    public static bool operator <(TableVersion left, TableVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(TableVersion left, TableVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(TableVersion left, TableVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(TableVersion left, TableVersion right) => left.CompareTo(right) >= 0;
}

/// <param name="Payload">Null: a tombstone. Compared with Equals.</param>
public sealed record TableEntry(string Key, TableVersion Version, object? Payload)
{
    public bool IsTombstone => Payload is null;
}

/// <summary>What is known of a bucket, which is the part of the table that one shard owns.</summary>
/// <param name="Opened">All that an owner knew when it began to publish is here, and it knew all there was or that could be reached.</param>
/// <param name="Baseline">Everything published up to here is here: a key that is not has been deleted.</param>
public readonly record struct BucketMarks(TableVersion Opened, TableVersion Baseline)
{
    public BucketMarks Max(BucketMarks other) => new(
        Opened > other.Opened ? Opened : other.Opened,
        Baseline > other.Baseline ? Baseline : other.Baseline);

    public bool IsAbove(BucketMarks other) => Opened > other.Opened || Baseline > other.Baseline;
}
