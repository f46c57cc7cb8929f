using MultiCluster.Cluster.Transport.Http2.Codec;

namespace MultiCluster.Controller.Wire;

/// <summary>What entities and watchers send each other, for the transport between nodes.</summary>
public sealed class PayloadCodec : IPayloadCodec
{
    public EncodedPayload? Encode(object payload)
    {
        if (!DomainCodec.CanEncode(payload.GetType()))
            return null;
        var encoded = DomainCodec.TryEncode(payload);
        return encoded.IsOk ? new EncodedPayload(encoded.Value.Type, encoded.Value.Bytes) : null;
    }

    public object? Decode(string type, ReadOnlyMemory<byte> data) => DomainCodec.Decode(type, data, out _);
}
