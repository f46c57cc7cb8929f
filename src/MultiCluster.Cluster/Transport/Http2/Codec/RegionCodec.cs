using MultiCluster.Cluster.Sharding;

namespace MultiCluster.Cluster.Transport.Http2.Codec;

internal static class RegionCodec
{
    /// <returns>False: not a message that travels.</returns>
    public static bool EncodeInto(Wire.Frame frame, IRegionMessage message, ref PayloadCoder coder)
    {
        switch (message)
        {
            case ShardEnvelope envelope:
                frame.ShardEnvelope = Encode(envelope, ref coder);
                return true;
            case EnvelopeRefused(var envelope, var epoch):
                frame.EnvelopeRefused = new Wire.EnvelopeRefused { Envelope = Encode(envelope, ref coder), Epoch = epoch };
                return true;
            case ShardMoving(var shard, var epoch):
                frame.ShardMoving = new Wire.ShardMoving { Shard = shard, Epoch = epoch };
                return true;
            case ShardHeld(var shard, var epoch):
                frame.ShardHeld = new Wire.ShardHeld { Shard = shard, Epoch = epoch };
                return true;
            case ShardOwned(var shard, var epoch):
                frame.ShardOwned = new Wire.ShardOwned { Shard = shard, Epoch = epoch };
                return true;
            case ReplyEnvelope(var number, var reply):
                frame.ReplyEnvelope = new Wire.ReplyEnvelope { Number = number, Letter = LetterCodec.Encode(reply, ref coder) };
                return true;
            default:
                return false;
        }
    }

    /// <returns>Null: something else.</returns>
    public static IRegionMessage? Decode(Wire.Frame frame, ref PayloadCoder coder) => frame.MessageCase switch
    {
        Wire.Frame.MessageOneofCase.ShardEnvelope => Decode(frame.ShardEnvelope, ref coder),
        Wire.Frame.MessageOneofCase.EnvelopeRefused => new EnvelopeRefused(Decode(frame.EnvelopeRefused.Envelope, ref coder), frame.EnvelopeRefused.Epoch),
        Wire.Frame.MessageOneofCase.ShardMoving => new ShardMoving(frame.ShardMoving.Shard, frame.ShardMoving.Epoch),
        Wire.Frame.MessageOneofCase.ShardHeld => new ShardHeld(frame.ShardHeld.Shard, frame.ShardHeld.Epoch),
        Wire.Frame.MessageOneofCase.ShardOwned => new ShardOwned(frame.ShardOwned.Shard, frame.ShardOwned.Epoch),
        Wire.Frame.MessageOneofCase.ReplyEnvelope => new ReplyEnvelope(frame.ReplyEnvelope.Number, LetterCodec.Decode(frame.ReplyEnvelope.Letter, ref coder)),
        _ => null,
    };

    private static Wire.ShardEnvelope Encode(ShardEnvelope envelope, ref PayloadCoder coder)
    {
        var wire = new Wire.ShardEnvelope
        {
            Shard = envelope.Shard,
            Starts = envelope.Starts,
            Epoch = envelope.Epoch,
            Letter = LetterCodec.Encode(envelope.Message, ref coder),
        };
        if (envelope.Key is { } key)
            wire.Key = key;
        if (envelope.ReplyTo is { } reply)
            wire.ReplyTo = new Wire.ReplyAddress { Node = reply.Node.Name, Incarnation = reply.Node.Incarnation, Number = reply.Number };
        return wire;
    }

    private static ShardEnvelope Decode(Wire.ShardEnvelope? wire, ref PayloadCoder coder)
    {
        if (wire is null)
            coder.Fail("a refusal without its envelope");
        wire ??= new Wire.ShardEnvelope();
        return new ShardEnvelope(
            wire.Shard,
            wire.HasKey ? wire.Key : null,
            wire.Starts,
            wire.Epoch,
            LetterCodec.Decode(wire.Letter, ref coder),
            wire.ReplyTo is { } reply ? new ReplyAddress(new NodeId(reply.Node, reply.Incarnation), reply.Number) : null);
    }
}
