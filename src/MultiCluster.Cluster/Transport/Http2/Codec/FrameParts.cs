using Google.Protobuf;
using Google.Protobuf.Collections;

namespace MultiCluster.Cluster.Transport.Http2.Codec;

/// <summary>
/// Entries of the table come by number and not by size, so a message of them may be more than one frame may hold. Then it goes as
/// several frames of one number, and is made whole before it is decoded. Pure.
/// </summary>
internal static class FrameParts
{
    /// <summary>Of a frame beside its entries, at most: number, flag, bucket, and what is around them.</summary>
    private const int FrameOverhead = 64;

    /// <summary>Tag of an entry within the list.</summary>
    private const int EntryOverhead = 1;

    /// <returns>Frames for the same message; empty if it can't be divided. Entries that no frame can hold are left out.</returns>
    public static (IReadOnlyList<Wire.Frame> Parts, int LeftOut) Split(Wire.Frame frame, int maxBytes)
    {
        if (EntriesOf(frame) is not { } entries)
            return ([], 0);
        var parts = new List<Wire.Frame>();
        var (leftOut, room) = (0, 0);
        foreach (var entry in entries)
        {
            var size = EntryOverhead + CodedOutputStream.ComputeMessageSize(entry);
            if (size > maxBytes - FrameOverhead)
            {
                leftOut++;
                continue;
            }
            if (size > room)
            {
                parts.Add(Part(frame));
                room = maxBytes - FrameOverhead;
            }
            EntriesOf(parts[^1])!.Add(entry);
            room -= size;
        }
        if (parts.Count > 0)
            parts[^1].More = false;
        return (parts, leftOut);
    }

    public static RepeatedField<Wire.TableEntry>? EntriesOf(Wire.Frame frame) => frame.MessageCase switch
    {
        Wire.Frame.MessageOneofCase.TableDelta => frame.TableDelta.Entries,
        Wire.Frame.MessageOneofCase.BucketEntries => frame.BucketEntries.Entries,
        _ => null,
    };

    private static Wire.Frame Part(Wire.Frame whole)
    {
        var part = new Wire.Frame { Number = whole.Number, More = true };
        if (whole.MessageCase == Wire.Frame.MessageOneofCase.TableDelta)
            part.TableDelta = new Wire.TableDelta();
        else
            part.BucketEntries = new Wire.BucketEntries { Bucket = whole.BucketEntries.Bucket };
        return part;
    }
}
