namespace MultiCluster.Model.Admin;

/// <summary>The cluster as one node sees it.</summary>
/// <param name="State">Of this node: Joining, Up, Leaving or Down.</param>
/// <param name="Refusal">Why this node can't join, with the fix; null if nothing is in the way.</param>
/// <param name="LeaseValid">Whether this node may write state to the database and the API servers now; serving doesn't ask it.</param>
/// <param name="Shards">0 until their number is known.</param>
/// <param name="Unowned">Shards that nobody owns now.</param>
/// <param name="Store">Null: this node stores nothing.</param>
public sealed record ClusterStateView(
    string Cluster,
    string Node,
    string Incarnation,
    string State,
    bool HasJoined,
    string? Refusal,
    int Protocol,
    bool LeaseValid,
    int Shards,
    IReadOnlyList<int> Unowned,
    IReadOnlyList<ClusterNodeView> Nodes,
    StoreView? Store);

/// <param name="Shards">That it owns.</param>
public sealed record ClusterNodeView(string Name, string Incarnation, string Address, int Protocol, string State, int Shards, bool IsSelf);

/// <summary>Writes to the database, which nothing waits for.</summary>
/// <param name="State">Writing, Paused (no valid lease) or Failing.</param>
/// <param name="LastError">The last one there was, also when it is over.</param>
/// <param name="OldestSeconds">Age of what waits longest.</param>
/// <param name="DroppedEvents">Missing in the history; the state is in the snapshots.</param>
/// <param name="Fenced">Entities of which another node is the writer now.</param>
public sealed record StoreView(
    string State,
    DateTimeOffset? FailingSince,
    string? LastError,
    int QueuedEvents,
    int QueuedSnapshots,
    double OldestSeconds,
    long DroppedEvents,
    int AwaitingSnapshot,
    int Fenced);

/// <param name="Healthy">Every check passed.</param>
public sealed record HealthView(string Node, bool Healthy, IReadOnlyList<CheckView> Checks);

/// <param name="Detail">For people.</param>
public sealed record CheckView(string Name, bool Passed, string Detail);

/// <param name="Shards">That it gave away.</param>
/// <param name="Others">Nodes that may own shards now.</param>
public sealed record LeftView(string Node, int Shards, double Seconds, IReadOnlyList<string> Others);

/// <param name="Shards">That it owned, and others take over.</param>
public sealed record DownedView(string Node, string Incarnation, int Shards);
