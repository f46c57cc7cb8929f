using System.Buffers;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Wire.Reading;
using MultiCluster.Controller.Wire.Writing;
using MultiCluster.HAProxy.Runtime;
using MultiCluster.Persistence.Snapshots;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire.Storage;

/// <summary>What an entity remembers, as it is stored: secrets encrypted, or left out when there is no key.</summary>
public sealed class SnapshotCodec(SnapshotKeys keys)
{
    private static MessageType Type => MessageTypes.EntityRecord;

    /// <returns>An error when the record is too large.</returns>
    public Outcome<SnapshotBody> Encode(EntityRecord record)
    {
        var writer = new WireWriter();
        var envelope = Envelopes.Wrap(Type, Type.Write(record, writer));
        if (keys.Current is { } key && writer.Secrets.Count > 0)
            envelope.Sealed = SecretBox.Seal(writer.Secrets, key, Place(record));
        var bytes = Envelopes.Write(Type, envelope);
        return bytes.IsOk ? new SnapshotBody(Type.Name, Type.Schema, bytes.Value) : new Failure(bytes.Error!);
    }

    /// <returns>An error when the record itself can't be read. Secrets that can't be are told by <see cref="StoredRecord.MissingSecrets"/>.</returns>
    public Outcome<StoredRecord> Decode(SnapshotBody body)
    {
        if (!string.Equals(body.Type, Type.Name, StringComparison.Ordinal))
            return new Failure($"a snapshot of type \"{body.Type}\", not {Type.Name}: stored by a newer version of MultiCluster?");
        var envelope = Envelopes.Read(Type, new ReadOnlySequence<byte>(body.Payload));
        if (!envelope.IsOk)
            return new Failure(envelope.Error);

        // Whose secrets they are is part of what they are sealed with, so it has to be read first.
        var place = ReadPlace(envelope.Value);
        if (!place.IsOk)
            return new Failure(place.Error);
        Outcome<IReadOnlyList<Google.Protobuf.ByteString>> secrets = envelope.Value.Sealed is { } box
            ? SecretBox.Open(box, keys, place.Value)
            : new Failure($"the secrets of {place.Value} were not stored: there was no key");
        var reader = new WireReader(secrets.Value);
        var record = Envelopes.Open(Type, envelope.Value, reader);
        return record.IsOk
            ? new StoredRecord((EntityRecord)record.Value, reader.LeftOut ? secrets.Error : null)
            : new Failure(record.Error);
    }

    private static Outcome<string> ReadPlace(P.Envelope envelope)
    {
        var record = Envelopes.Open(Type, envelope, new WireReader(secrets: null));
        return record.IsOk ? Place((EntityRecord)record.Value) : new Failure(record.Error);
    }

    private static string Place(EntityRecord record) => EntityKeys.Of(record.Entity);
}

/// <param name="MissingSecrets">
/// Why TLS Secrets and certificates are left out of the record; null when it is whole. What follows from a record without its secrets must
/// not be published before the members have told theirs.
/// </param>
public sealed record StoredRecord(EntityRecord Record, string? MissingSecrets);
