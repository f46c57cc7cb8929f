namespace MultiCluster.Cluster.Transport.Http2.Codec;

/// <summary>Objects of the application as bytes. The cluster carries them without looking. From any thread.</summary>
public interface IPayloadCodec
{
    /// <returns>Null: not an object that travels, which is a bug of who sent it.</returns>
    EncodedPayload? Encode(object payload);

    /// <returns>Null: not a type of this build, or the bytes are not of that type.</returns>
    object? Decode(string type, ReadOnlyMemory<byte> data);
}

/// <param name="Type">Stable over releases; not a name of .NET.</param>
/// <param name="Data">Not changed afterwards, so that a codec may keep and hand out the same bytes for the same object.</param>
public readonly record struct EncodedPayload(string Type, ReadOnlyMemory<byte> Data);
