using System.Collections.Immutable;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Sessions;

/// <summary>What the hub of a controller node and the agent of a proxy take and tell.</summary>
public static class SessionProtocol
{
    // Commands, to the hub. It also takes RouteTableProtocol.ReadinessChanged, which must come after the rows it is about.

    /// <summary>Rows and tombstones of this node's table, in the order in which the table took them.</summary>
    public sealed record RowsChanged(ImmutableArray<FragmentUpdate> Rows);

    /// <summary>Every row published up to its shard's baseline has been told: one that was not has been deleted.</summary>
    public sealed record BaselinesChanged(EquatableArray<FragmentVersion> Shards);

    /// <summary>
    /// This node hears of no other (or does again), so what it tells is partly of yesterday: proxies are sent elsewhere, and those that come
    /// back have found nobody else. Said again, they are sent once more.
    /// </summary>
    public sealed record CutOff(bool IsCutOff);

    /// <summary>A proxy's agent has connected; the connection is the hub's from now on.</summary>
    public sealed record Accept(IDuplex<ControllerMessage, AgentMessage> Connection);

    // Events of the hub

    /// <summary>A proxy has seen an epoch: this cluster must publish above it.</summary>
    public sealed record EpochSeen(long Epoch);

    /// <summary>The hub has started without memory: it has to hear again whether this node is cut off.</summary>
    public sealed record HubStarted;

    /// <summary>The hub has started without memory: it wants all rows, the baselines and the readiness, in this order, and then what changes.</summary>
    public sealed record GetRows;

    // Queries, to the hub

    /// <summary>Answered by <see cref="Sessions"/>.</summary>
    public sealed record GetSessions;

    /// <param name="Position">Of what this hub has taken from its table.</param>
    public sealed record Sessions(ImmutableArray<SessionView> Views, long Position);

    // Commands, to the agent. It also takes RouteTableProtocol.Subscribe, and tells what a route table does.

    /// <summary>HAProxy holds everything up to this version of the deltas that it was told.</summary>
    public sealed record VersionApplied(long Version);

    /// <summary>What HAProxy has under way to members.</summary>
    public sealed record LoadsMeasured(EquatableArray<MemberLoad> Members);

    // Queries, to the agent

    /// <summary>Answered by <see cref="AgentView"/>.</summary>
    public sealed record GetAgent;
}

/// <summary>A session as a controller sees it.</summary>
/// <param name="TablePosition">Where this node's table is.</param>
/// <param name="AckedPosition">What the agent has taken.</param>
/// <param name="AppliedPosition">What its HAProxy holds.</param>
/// <param name="Waiting">Rows not sent yet.</param>
/// <param name="Refused">Rows that the agent, or their size, forbids: by entity, with the reason.</param>
public sealed record SessionView(
    string Proxy,
    string Incarnation,
    string Peer,
    DateTimeOffset Since,
    long TablePosition,
    long AckedPosition,
    long AppliedPosition,
    int Waiting,
    bool InSnapshot,
    ImmutableSortedDictionary<string, string> Refused)
{
    /// <summary>As the agent has said lately; null if it had no reason to.</summary>
    public EquatableArray<MemberLoad>? Loads { get; init; }
}

/// <param name="Address">Of the controller connected with; null when there is none.</param>
/// <param name="Problem">Why there is none.</param>
/// <param name="Memory">To be stored beside HAProxy's files, and given to the agent's next life.</param>
public sealed record AgentView(
    string? Address, string? Node, string? Problem, long Position, int Rows, long RowsTaken, long RowsIgnored, bool IsComplete, AgentMemory? Memory)
{
    /// <summary>Some member is to get no new sessions: whoever ordered that wants to know what it still has.</summary>
    public bool HasDrains { get; init; }
}
