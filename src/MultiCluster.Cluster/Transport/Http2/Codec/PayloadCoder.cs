using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using MultiCluster.Cluster.Transport.Http2.Wire;

namespace MultiCluster.Cluster.Transport.Http2.Codec;

/// <summary>The application's objects within one message. Nothing throws; what could not be done is told at the end.</summary>
internal struct PayloadCoder(IPayloadCodec payloads)
{
    /// <summary>Stands where nothing could be decoded; goes nowhere, since there is a fault.</summary>
    public static readonly object Unread = new();

    /// <summary>The first type that could not be encoded or decoded; the message is of no use then.</summary>
    public string? Fault { get; private set; }

    public Payload? Encode(object payload)
    {
        if (payload is UnknownPayload unknown)
            return new Payload { Type = unknown.Type, Data = unknown.Data };
        if (payloads.Encode(payload) is { } encoded)
            return new Payload { Type = encoded.Type, Data = UnsafeByteOperations.UnsafeWrap(encoded.Data) };
        Fault ??= payload.GetType().Name;
        return null;
    }

    /// <summary>Of a message to an entity: what it can't read must not be handed to it, so the message is dropped.</summary>
    public object Decode(Payload? payload)
    {
        var decoded = TryDecode(payload, out var type);
        if (decoded is null)
            Fault ??= type;
        return decoded ?? Unread;
    }

    /// <summary>Of the table.</summary>
    public object DecodeOrKeep(Payload? payload)
    {
        var decoded = TryDecode(payload, out var type);
        if (decoded is null && payload is null)
            Fault ??= type;
        return decoded ?? (payload is null ? Unread : new UnknownPayload(payload.Type, payload.Data));
    }

    public void Fail(string what) => Fault ??= what;

    [SuppressMessage("Design", "CA1031", Justification = "The codec is the application's; what it throws at bytes from outside must not end the connection.")]
    private readonly object? TryDecode(Payload? payload, out string type)
    {
        type = payload?.Type ?? "no payload";
        try
        {
            return payload is null ? null : payloads.Decode(payload.Type, payload.Data.Memory);
        }
        catch (Exception broken)
        {
            type = $"{payload!.Type} ({broken.GetType().Name})";
            return null;
        }
    }
}
