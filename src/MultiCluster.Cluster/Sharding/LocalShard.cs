using MultiCluster.Actors;

namespace MultiCluster.Cluster.Sharding;

/// <summary>A shard that runs here, and how far it has come with being given away. Each phase ends by itself when it takes too long.</summary>
internal sealed record LocalShard(int Shard, long Epoch, IActorRef Actor, HandOffPhase Phase, TimeSpan Since)
{
    /// <summary>Peers that may still send under this ownership.</summary>
    public HashSet<NodeId> Sending { get; init; } = [];

    /// <summary>Whether it takes messages.</summary>
    public bool Accepts => Phase is HandOffPhase.None or HandOffPhase.Announced;

    /// <returns>The next phase; null if it stays where it is.</returns>
    public HandOffPhase? Next(TimeSpan now, ClusterOptions options) => Phase switch
    {
        HandOffPhase.Announced when Sending.Count == 0 || (now - Since >= options.AnnounceTimeout && !options.Faults.HandOffWithoutTimers) => HandOffPhase.Stopping,
        HandOffPhase.Stopping when now - Since >= options.StopTimeout && !options.Faults.HandOffWithoutTimers => HandOffPhase.Stopped,
        _ => null,
    };
}

internal enum HandOffPhase
{
    /// <summary>Not being given away.</summary>
    None,

    /// <summary>Peers have been told to hold back; what comes is still taken.</summary>
    Announced,

    /// <summary>Entities stop and are flushed; what comes is sent back.</summary>
    Stopping,

    /// <summary>The store is to take the release.</summary>
    Stopped,
}
