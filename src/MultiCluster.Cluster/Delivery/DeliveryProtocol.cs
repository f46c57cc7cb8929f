using System.Collections.Immutable;

namespace MultiCluster.Cluster.Delivery;

/// <summary>One life of a source. A later one replaces all that was under way.</summary>
/// <param name="Epoch">Of the ownership of the source's own shard.</param>
/// <param name="Start">Of the source under it; <see cref="Sharding.EntityStart.Start"/> and restarts.</param>
public readonly record struct SourceGeneration(long Epoch, long Start) : IComparable<SourceGeneration>
{
    public int CompareTo(SourceGeneration other) => Epoch != other.Epoch ? Epoch.CompareTo(other.Epoch) : Start.CompareTo(other.Start);

    public static bool operator <(SourceGeneration left, SourceGeneration right) => left.CompareTo(right) < 0;

    public static bool operator >(SourceGeneration left, SourceGeneration right) => left.CompareTo(right) > 0;

    public static bool operator <=(SourceGeneration left, SourceGeneration right) => left.CompareTo(right) <= 0;

    public static bool operator >=(SourceGeneration left, SourceGeneration right) => left.CompareTo(right) >= 0;
}

/// <summary>One life of a shard: it remembers nothing of the one before, so each source tells it everything.</summary>
public readonly record struct ShardSession(long Epoch, long Start) : IComparable<ShardSession>
{
    public int CompareTo(ShardSession other) => Epoch != other.Epoch ? Epoch.CompareTo(other.Epoch) : Start.CompareTo(other.Start);

    public static bool operator <(ShardSession left, ShardSession right) => left.CompareTo(right) < 0;

    public static bool operator >(ShardSession left, ShardSession right) => left.CompareTo(right) > 0;

    public static bool operator <=(ShardSession left, ShardSession right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ShardSession left, ShardSession right) => left.CompareTo(right) >= 0;
}

/// <summary>What sources and shards tell each other, through the regions.</summary>
public static class DeliveryProtocol
{
    // From a source to a shard. One at a time and numbered: the next goes out when the last has been taken.

    public abstract record FromSource(string Source, SourceGeneration Generation);

    /// <summary>Which session should I deliver to?</summary>
    public sealed record Open(string Source, SourceGeneration Generation) : FromSource(Source, Generation);

    public abstract record Numbered(string Source, SourceGeneration Generation, ShardSession Session, long Number) : FromSource(Source, Generation);

    public sealed record Batch(string Source, SourceGeneration Generation, ShardSession Session, long Number, ImmutableArray<Item> Items)
        : Numbered(Source, Generation, Session, Number);

    /// <summary>All there is has been delivered: what is not among the keys does not exist in the source.</summary>
    public sealed record Complete(string Source, SourceGeneration Generation, ShardSession Session, long Number, ImmutableArray<string> Keys)
        : Numbered(Source, Generation, Session, Number);

    /// <summary>The source can't say what there is. What it said before stays.</summary>
    public sealed record Unreachable(string Source, SourceGeneration Generation, ShardSession Session, long Number)
        : Numbered(Source, Generation, Session, Number);

    /// <param name="Payload">Null: the source has no such object.</param>
    public sealed record Item(string Key, long Sequence, object? Payload);

    // From a shard to a source

    public abstract record FromShard(int Shard, ShardSession Session);

    /// <summary>Deliver everything, and then complete, to this session.</summary>
    public sealed record Opened(int Shard, ShardSession Session) : FromShard(Shard, Session);

    public sealed record Taken(int Shard, ShardSession Session, SourceGeneration Generation, long Number) : FromShard(Shard, Session);

    /// <summary>What follows from these has been published.</summary>
    public sealed record Settled(int Shard, ShardSession Session, SourceGeneration Generation, ImmutableArray<SettledItem> Items) : FromShard(Shard, Session);

    public readonly record struct SettledItem(string Key, long Sequence);

    /// <summary>The owners of these keys have started without memory.</summary>
    public sealed record Resend(int Shard, ShardSession Session, ImmutableArray<string> Keys) : FromShard(Shard, Session);

    // From a shard to an entity

    /// <param name="Sequence">Zero if nothing is to be settled: the source completed without this key.</param>
    public sealed record Observed(string Source, SourceGeneration Generation, long Sequence, object? Payload);

    // From an entity to its shard

    public sealed record EntitySettled(string Key, string Source, SourceGeneration Generation, long Sequence);
}
