using MultiCluster.Cluster.Membership;
using MultiCluster.Cluster.Replication;
using MultiCluster.Cluster.Sharding;

namespace MultiCluster.Cluster.Transport.Http2.Codec;

/// <summary>
/// Messages between nodes as protobuf. Unknown fields are skipped; a message that this build does not know, or that holds what it
/// can't read, is named instead of decoded, for the caller to drop and count.
/// </summary>
internal sealed class PeerCodec(IPayloadCodec payloads)
{
    /// <returns>The frame, or the type that has no encoding.</returns>
    public (Wire.Frame? Frame, string? Fault) Encode(long number, object message)
    {
        var coder = new PayloadCoder(payloads);
        var frame = new Wire.Frame { Number = number };
        if (!EncodeInto(frame, message, ref coder))
            coder.Fail(message.GetType().Name);
        return coder.Fault is null ? (frame, null) : (null, coder.Fault);
    }

    /// <returns>The message, or what of it is not known here.</returns>
    public (object? Message, string? Fault) Decode(Wire.Frame frame)
    {
        var coder = new PayloadCoder(payloads);
        var message = (object?)RegionCodec.Decode(frame, ref coder) ?? (object?)ReplicationCodec.Decode(frame, ref coder)
            ?? (object?)NodeCodec.Decode(frame, ref coder) ?? DecodeCluster(frame);
        if (message is null)
            coder.Fail("a message of a later version");
        return coder.Fault is null ? (message, null) : (null, coder.Fault);
    }

    private static bool EncodeInto(Wire.Frame frame, object message, ref PayloadCoder coder)
    {
        switch (message)
        {
            case IRegionMessage region:
                return RegionCodec.EncodeInto(frame, region, ref coder);
            case IReplicationMessage replication:
                return ReplicationCodec.EncodeInto(frame, replication, ref coder);
            case INodeMessage node:
                return NodeCodec.EncodeInto(frame, node, ref coder);
            case StoreChanged:
                frame.StoreChanged = new Wire.StoreChanged();
                return true;
            case EpochObserved(var shard, var epoch):
                frame.EpochObserved = new Wire.EpochObserved { Shard = shard, Epoch = epoch };
                return true;
            default:
                return false;
        }
    }

    private static IClusterMessage? DecodeCluster(Wire.Frame frame) => frame.MessageCase switch
    {
        Wire.Frame.MessageOneofCase.StoreChanged => new StoreChanged(),
        Wire.Frame.MessageOneofCase.EpochObserved => new EpochObserved(frame.EpochObserved.Shard, frame.EpochObserved.Epoch),
        _ => null,
    };
}
