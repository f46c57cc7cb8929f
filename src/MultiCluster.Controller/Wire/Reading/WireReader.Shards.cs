using MultiCluster.Cluster.Sharding;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire.Reading;

internal sealed partial class WireReader
{
    public static ShardingProtocol.GetShard Read(P.GetShard question) => new(question.Shard);

    public static ShardingProtocol.ShardStatus Read(P.ShardStatus status) =>
        new(status.Shard, status.Epoch, status.IsOpen, [.. status.Entities], [.. status.Waiting]);
}
