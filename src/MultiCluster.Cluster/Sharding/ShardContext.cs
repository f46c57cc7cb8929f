using MultiCluster.Actors;

namespace MultiCluster.Cluster.Sharding;

/// <summary>What a shard's actor knows of its surroundings.</summary>
internal sealed record ShardContext(RegionSettings Settings, IActorRef Region, int Shard, int Shards, long Epoch);
