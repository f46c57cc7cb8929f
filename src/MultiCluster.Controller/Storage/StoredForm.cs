using System.Buffers.Binary;
using MultiCluster.Cluster.Replication;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Wire.Storage;
using MultiCluster.Persistence.Journal;
using MultiCluster.Persistence.Snapshots;

namespace MultiCluster.Controller.Storage;

/// <summary>
/// An entry of the table: epoch and number, 8 bytes each, little-endian, then the record as <see cref="SnapshotCodec"/> writes it. A
/// tombstone is stored too: a replica that comes back with an older entry must not bring it back to life.
/// </summary>
public sealed class StoredForm(SnapshotCodec codec)
{
    private const int HeaderLength = 16;
    private const int TombstoneSchema = 1;
    private const string Prefix = "entry:";
    private const string Tombstone = Prefix + "tombstone";

    /// <param name="entry">Its payload is an <see cref="EntityRecord"/>, or null for a tombstone.</param>
    /// <exception cref="InvalidOperationException">The record is larger than a snapshot may be.</exception>
    public SnapshotBody Write(TableEntry entry)
    {
        if (entry.Payload is not EntityRecord record)
            return new SnapshotBody(Tombstone, TombstoneSchema, WithHeader(entry.Version, []));
        var body = codec.Encode(record);
        return body.IsOk
            ? new SnapshotBody(Prefix + body.Value.Type, body.Value.SchemaVersion, WithHeader(entry.Version, body.Value.Payload.Span))
            : throw new InvalidOperationException($"{entry.Key}: {body.Error}");
    }

    /// <param name="problem">Why it can't be read, or what is missing of it, such as secrets.</param>
    /// <returns>Null if it can't be read.</returns>
    public TableEntry? Read(string key, SnapshotBody body, out string? problem)
    {
        problem = null;
        if (!body.Type.StartsWith(Prefix, StringComparison.Ordinal) || body.Payload.Length < HeaderLength)
        {
            problem = $"a snapshot of type \"{body.Type}\": stored by another version of MultiCluster?";
            return null;
        }

        var header = body.Payload.Span;
        var version = new TableVersion(BinaryPrimitives.ReadInt64LittleEndian(header), BinaryPrimitives.ReadInt64LittleEndian(header[8..]));
        if (body.Type == Tombstone)
            return new TableEntry(key, version, null);
        var record = codec.Decode(body with { Type = body.Type[Prefix.Length..], Payload = body.Payload[HeaderLength..] });
        problem = record.IsOk ? record.Value.MissingSecrets : record.Error;
        return record.IsOk ? new TableEntry(key, version, record.Value.Record) : null;
    }

    /// <returns>Null if it can't be stored; then <paramref name="problem"/> says why.</returns>
    public static EventData? Write(Decision decision, DateTimeOffset at, out string? problem)
    {
        var data = JournalCodec.Encode(decision, at);
        problem = data.IsOk ? null : data.Error;
        return data.IsOk ? data.Value : null;
    }

    private static byte[] WithHeader(TableVersion version, ReadOnlySpan<byte> payload)
    {
        var bytes = new byte[HeaderLength + payload.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, version.Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), version.Number);
        payload.CopyTo(bytes.AsSpan(HeaderLength));
        return bytes;
    }
}
