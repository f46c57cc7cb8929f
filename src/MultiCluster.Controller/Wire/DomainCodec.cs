using System.Buffers;
using Google.Protobuf;
using MultiCluster.Controller.Wire.Reading;
using MultiCluster.Controller.Wire.Writing;
using MultiCluster.HAProxy.Runtime;

namespace MultiCluster.Controller.Wire;

/// <summary>
/// Domain messages to bytes and back, for connections between processes. What it writes holds private keys as they are: it belongs on
/// mutually authenticated, encrypted connections (or on loopback), never on disk.
/// </summary>
public static class DomainCodec
{
    /// <exception cref="ArgumentException">No message of the wire, or too large: ask <see cref="TryEncode"/> where that can be.</exception>
    public static (string Type, ReadOnlyMemory<byte> Bytes) Encode(object value)
    {
        var encoded = TryEncode(value);
        return encoded.IsOk ? encoded.Value : throw new ArgumentException(encoded.Error, nameof(value));
    }

    /// <returns>An error when the value is too large.</returns>
    /// <exception cref="ArgumentException">No message of the wire.</exception>
    public static Outcome<(string Type, ReadOnlyMemory<byte> Bytes)> TryEncode(object value)
    {
        var type = MessageTypes.Find(value.GetType()) ?? throw new ArgumentException($"{value.GetType()} has no form on the wire.", nameof(value));
        var writer = new WireWriter();
        var envelope = Envelopes.Wrap(type, type.Write(value, writer));
        foreach (var secret in writer.Secrets)
            envelope.Secrets.Add(UnsafeByteOperations.UnsafeWrap(secret.Reveal()));
        var bytes = Envelopes.Write(type, envelope);
        return bytes.IsOk ? (type.Name, bytes.Value) : new Failure(bytes.Error!);
    }

    public static bool CanEncode(Type type) => MessageTypes.Find(type) is not null;

    /// <param name="error">Names the message, what is wrong and, where there is one, the fix; null with a value.</param>
    public static object? Decode(string type, ReadOnlyMemory<byte> bytes, out string? error) => Decode(type, new ReadOnlySequence<byte>(bytes), out error);

    /// <inheritdoc cref="Decode(string, ReadOnlyMemory{byte}, out string?)"/>
    public static object? Decode(string type, ReadOnlySequence<byte> bytes, out string? error)
    {
        var value = Decode(type, bytes);
        error = value.Error;
        return value.Value;
    }

    private static Outcome<object> Decode(string name, ReadOnlySequence<byte> bytes)
    {
        if (MessageTypes.Find(name) is not { } type)
            return new Failure($"no message is called \"{Shown(name)}\" here: sent by a newer version of MultiCluster?");
        var envelope = Envelopes.Read(type, bytes);
        return envelope.IsOk ? Envelopes.Open(type, envelope.Value, new WireReader(envelope.Value.Secrets)) : new Failure(envelope.Error);
    }

    private static string Shown(string name) => name.Length <= 80 && !name.Any(char.IsControl) ? name : $"({name.Length} characters)";
}
