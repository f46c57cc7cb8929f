namespace MultiCluster.Controller.Sessions;

public sealed record AgentOptions
{
    /// <summary>Of a snapshot; more are refused.</summary>
    public int MaxSnapshotRows { get; init; } = 1_000_000;

    /// <summary>
    /// How long an agent that has just started waits for a controller that knows what this proxy held before. After that, being behind for
    /// ever would be worse than being behind once.
    /// </summary>
    public TimeSpan CatchUp { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Of a controller; then another one is tried.</summary>
    public TimeSpan SilenceTimeout { get; init; } = TimeSpan.FromSeconds(20);

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Before all addresses are tried again; doubles with each round, less some at random.</summary>
    public TimeSpan BackoffBase { get; init; } = TimeSpan.FromMilliseconds(200);

    public TimeSpan BackoffCap { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>Who an agent is.</summary>
/// <param name="Cluster">Of controllers; others are refused.</param>
/// <param name="Incarnation">One life of the agent: made anew at each start.</param>
public sealed record AgentIdentity(string Cluster, string Proxy, string Incarnation);

/// <summary>What an agent remembers over its restart: how far its HAProxy was.</summary>
/// <param name="Highest">By shard.</param>
public sealed record AgentMemory(Model.Collections.EquatableArray<Model.Routing.FragmentVersion> Highest);
