using System.Buffers;
using Google.Protobuf;
using MultiCluster.Controller.Wire.Reading;
using MultiCluster.HAProxy.Runtime;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire;

/// <summary>Envelopes to and from bytes. What can't be read is an error in words, never an exception.</summary>
internal static class Envelopes
{
    public static Outcome<ReadOnlyMemory<byte>> Write(MessageType type, P.Envelope envelope)
    {
        var size = envelope.CalculateSize();
        if (size > WireLimits.MaxMessage)
            return new Failure($"{type.Name}: {size} bytes are more than the {WireLimits.MaxMessage} that may be sent or stored");
        var bytes = new byte[size];
        envelope.WriteTo(bytes.AsSpan());
        return (ReadOnlyMemory<byte>)bytes;
    }

    public static P.Envelope Wrap(MessageType type, IMessage body) => new()
    {
        Schema = (uint)type.Schema,
        Body = UnsafeByteOperations.UnsafeWrap(body.ToByteArray()),
    };

    public static Outcome<P.Envelope> Read(MessageType type, ReadOnlySequence<byte> bytes)
    {
        if (bytes.Length > WireLimits.MaxMessage)
            return new Failure($"{type.Name}: {bytes.Length} bytes are more than the {WireLimits.MaxMessage} that may be sent or stored");
        try
        {
            var envelope = P.Envelope.Parser.ParseFrom(bytes);
            return envelope.Schema >= 1 && envelope.Schema <= type.Schema ? envelope : new Failure(SchemaProblem(type, envelope.Schema));
        }
        catch (InvalidProtocolBufferException e)
        {
            return new Failure($"{type.Name}: not an envelope: {e.Message}");
        }
    }

    public static Outcome<object> Open(MessageType type, P.Envelope envelope, WireReader reader)
    {
        try
        {
            var value = type.Read(type.Parser.ParseFrom(envelope.Body), reader);
            return reader.Problem is null && value is not null ? new Outcome<object>(value) : new Failure($"{type.Name}: {reader.Problem ?? "is empty"}");
        }
        catch (InvalidProtocolBufferException e)
        {
            return new Failure($"{type.Name}: {e.Message}");
        }
    }

    private static string SchemaProblem(MessageType type, uint schema) => schema == 0
        ? $"{type.Name}: says no schema"
        : $"{type.Name}: written in schema {schema} by a newer version of MultiCluster; this one reads up to {type.Schema}: upgrade it";
}
