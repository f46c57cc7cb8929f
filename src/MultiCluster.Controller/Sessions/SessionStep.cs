using System.Collections.Immutable;
using MultiCluster.Controller.Routing;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Sessions;

/// <summary>What a session does next.</summary>
internal abstract record SessionStep
{
    private SessionStep()
    {
    }

    public sealed record Send(ControllerMessage Message) : SessionStep;

    /// <summary>Ask the hub for a shard.</summary>
    public sealed record Fetch(int Shard) : SessionStep;

    /// <summary>Ask the hub for digests.</summary>
    public sealed record Compare : SessionStep;

    public sealed record Close(string Reason) : SessionStep;
}

/// <summary>What a hub tells its sessions. From one sender, so that all that counts for a position has come before it.</summary>
internal static class HubMessages
{
    /// <summary>Answer to a hello.</summary>
    /// <param name="Differing">Shards that the agent has otherwise, or not at all.</param>
    public sealed record Subscribed(
        ControllerMessage.Welcome Welcome,
        long Position,
        EquatableArray<FragmentVersion> Baselines,
        ImmutableArray<int> Differing,
        Readiness? Readiness);

    /// <summary>The session ends; another controller may know more.</summary>
    public sealed record GoElsewhere(string Reason);

    public sealed record Changed(long Position, ImmutableArray<FragmentUpdate> Rows);

    public sealed record ShardContents(int Shard, ImmutableArray<FragmentUpdate> Rows, FragmentVersion Baseline);

    public sealed record Digests(long Position, EquatableArray<ShardDigest> Shards);
}
