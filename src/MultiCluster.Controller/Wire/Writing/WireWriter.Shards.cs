using MultiCluster.Cluster.Sharding;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire.Writing;

internal sealed partial class WireWriter
{
    public static P.GetShard Write(ShardingProtocol.GetShard question) => new() { Shard = question.Shard };

    public static P.ShardStatus Write(ShardingProtocol.ShardStatus status)
    {
        var wire = new P.ShardStatus { Shard = status.Shard, Epoch = status.Epoch, IsOpen = status.IsOpen };
        wire.Entities.AddRange(status.Entities);
        wire.Waiting.AddRange(status.Waiting);
        return wire;
    }
}
