using System.Text;
using MultiCluster.Cluster.Transport.Http2.Codec;

namespace MultiCluster.Cluster.Tests.Transport.Http2.Support;

/// <summary>An application whose only objects are strings.</summary>
internal sealed class TextCodec : IPayloadCodec
{
    public EncodedPayload? Encode(object payload) => payload is string text ? new EncodedPayload("text", Encoding.UTF8.GetBytes(text)) : null;

    public object? Decode(string type, ReadOnlyMemory<byte> data) => type switch
    {
        "text" => Encoding.UTF8.GetString(data.Span),
        "bomb" => throw new FormatException("boom"),
        _ => null,
    };
}
