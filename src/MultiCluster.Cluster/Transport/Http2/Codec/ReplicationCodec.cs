using System.Collections.Immutable;
using Google.Protobuf.Collections;
using MultiCluster.Cluster.Replication;

namespace MultiCluster.Cluster.Transport.Http2.Codec;

internal static class ReplicationCodec
{
    /// <returns>False: not a message that travels.</returns>
    public static bool EncodeInto(Wire.Frame frame, IReplicationMessage message, ref PayloadCoder coder)
    {
        switch (message)
        {
            case TableDelta(var entries):
                frame.TableDelta = new Wire.TableDelta();
                Encode(entries, frame.TableDelta.Entries, ref coder);
                return true;
            case BucketEntries(var bucket, var entries):
                frame.BucketEntries = new Wire.BucketEntries { Bucket = bucket };
                Encode(entries, frame.BucketEntries.Entries, ref coder);
                return true;
            case BucketDigests(var buckets):
                frame.BucketDigests = new Wire.BucketDigests();
                foreach (var digest in buckets)
                    frame.BucketDigests.Buckets.Add(new Wire.BucketDigest { Bucket = digest.Bucket, Hash = digest.Hash, Marks = Encode(digest.Marks) });
                return true;
            case BucketQuery(var buckets, var query):
                frame.BucketQuery = new Wire.BucketQuery { Query = query };
                frame.BucketQuery.Buckets.AddRange(buckets);
                return true;
            case BucketSummary summary:
                frame.BucketSummary = Encode(summary);
                return true;
            case BucketPull(var bucket, var keys):
                frame.BucketPull = new Wire.BucketPull { Bucket = bucket };
                frame.BucketPull.Keys.AddRange(keys);
                return true;
            default:
                return false;
        }
    }

    /// <returns>Null: something else.</returns>
    public static IReplicationMessage? Decode(Wire.Frame frame, ref PayloadCoder coder)
    {
        switch (frame.MessageCase)
        {
            case Wire.Frame.MessageOneofCase.TableDelta:
                return new TableDelta(Decode(frame.TableDelta.Entries, ref coder));
            case Wire.Frame.MessageOneofCase.BucketEntries:
                return new BucketEntries(frame.BucketEntries.Bucket, Decode(frame.BucketEntries.Entries, ref coder));
            case Wire.Frame.MessageOneofCase.BucketDigests:
                return new BucketDigests([.. frame.BucketDigests.Buckets.Select(static wire => new BucketDigest(wire.Bucket, wire.Hash, Decode(wire.Marks)))]);
            case Wire.Frame.MessageOneofCase.BucketQuery:
                return new BucketQuery([.. frame.BucketQuery.Buckets], frame.BucketQuery.Query);
            case Wire.Frame.MessageOneofCase.BucketSummary:
                var summary = frame.BucketSummary;
                return new BucketSummary(
                    summary.Bucket, Decode(summary.Marks), [.. summary.Keys.Select(static wire => new KeyVersion(wire.Key, Decode(wire.Version)))], summary.Query);
            case Wire.Frame.MessageOneofCase.BucketPull:
                return new BucketPull(frame.BucketPull.Bucket, [.. frame.BucketPull.Keys]);
            default:
                return null;
        }
    }

    private static Wire.BucketSummary Encode(BucketSummary summary)
    {
        var wire = new Wire.BucketSummary { Bucket = summary.Bucket, Marks = Encode(summary.Marks), Query = summary.Query };
        foreach (var key in summary.Keys)
            wire.Keys.Add(new Wire.KeyVersion { Key = key.Key, Version = Encode(key.Version) });
        return wire;
    }

    private static void Encode(ImmutableArray<TableEntry> entries, RepeatedField<Wire.TableEntry> into, ref PayloadCoder coder)
    {
        foreach (var entry in entries)
        {
            var wire = new Wire.TableEntry { Key = entry.Key, Version = Encode(entry.Version), Tombstone = entry.IsTombstone };
            if (entry.Payload is { } payload)
                wire.Payload = coder.Encode(payload);
            into.Add(wire);
        }
    }

    private static ImmutableArray<TableEntry> Decode(RepeatedField<Wire.TableEntry> wires, ref PayloadCoder coder)
    {
        var entries = ImmutableArray.CreateBuilder<TableEntry>(wires.Count);
        foreach (var wire in wires)
            entries.Add(new TableEntry(wire.Key, Decode(wire.Version), wire.Tombstone ? null : coder.DecodeOrKeep(wire.Payload)));
        return entries.MoveToImmutable();
    }

    private static Wire.Marks Encode(BucketMarks marks) => new() { Opened = Encode(marks.Opened), Baseline = Encode(marks.Baseline) };

    private static Wire.Version Encode(TableVersion version) => new() { Epoch = version.Epoch, Number = version.Number };

    private static BucketMarks Decode(Wire.Marks? marks) => marks is null ? default : new BucketMarks(Decode(marks.Opened), Decode(marks.Baseline));

    private static TableVersion Decode(Wire.Version? version) => version is null ? default : new TableVersion(version.Epoch, version.Number);
}
