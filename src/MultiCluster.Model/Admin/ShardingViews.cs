namespace MultiCluster.Model.Admin;

/// <param name="Unowned">Shards that nobody owns now.</param>
public sealed record RegionsView(IReadOnlyList<RegionView> Regions, IReadOnlyList<int> Unowned);

/// <param name="Shards">That the node owns.</param>
public sealed record RegionView(string Node, string Incarnation, string State, string Address, bool IsSelf, IReadOnlyList<int> Shards);

/// <param name="Owner">Null while nobody owns it.</param>
/// <param name="Designated">Who should own it; null while no node may.</param>
/// <param name="Epoch">Of the last ownership, also after it was given up.</param>
/// <param name="Phase">On the node asked: Serving, Announced, Stopping or Stopped; null where it does not run.</param>
/// <param name="Entities">Null: the owner did not answer.</param>
/// <param name="Waiting">Sources that it waits for before it publishes.</param>
public sealed record ShardRowView(
    int Shard, string? Owner, string? Designated, long Epoch, string? Phase, int? Entities, IReadOnlyList<string> Waiting);

/// <param name="IsOpen">Every source has been heard: what follows from them is published.</param>
/// <param name="Waiting">Sources that have not.</param>
public sealed record ShardEntitiesView(
    int Shard, string Owner, long Epoch, bool IsOpen, IReadOnlyList<string> Entities, IReadOnlyList<string> Waiting);

/// <param name="Held">Messages that wait on the node asked for shards without a reachable owner.</param>
/// <param name="Kinds">Entities by kind, over the shards whose owners answered.</param>
/// <param name="Unowned">Shards that nobody owns now.</param>
/// <param name="Silent">Shards whose owners did not answer.</param>
public sealed record ShardingStatsView(
    string Node,
    int Held,
    IReadOnlyDictionary<string, int> Kinds,
    IReadOnlyList<ShardStatsView> Shards,
    IReadOnlyList<int> Unowned,
    IReadOnlyList<int> Silent);

/// <param name="Kinds">Entities by kind.</param>
public sealed record ShardStatsView(int Shard, string Owner, IReadOnlyDictionary<string, int> Kinds);

/// <param name="Key">Such as ingress/web/shop.</param>
public sealed record FoundEntityView(string Key, int Shard, string Owner, string Address, string? Designated, long Epoch, bool IsOpen);
