using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Google.Protobuf.Collections;
using MultiCluster.Cluster.Transport.Http2.Codec;
using MultiCluster.Cluster.Transport.Http2.Wire;

namespace MultiCluster.Cluster.Tests.Transport.Http2;

public sealed class FramePartsTests
{
    private const int MaxBytes = 1024;

    /// <summary>Beside it there is room for 64 bytes of the frame, a tag and a length of two.</summary>
    private const int LargestEntry = MaxBytes - 67;

    [Fact]
    public void Parts_fit_and_make_the_whole_again_but_for_entries_that_fit_nowhere() => Prop.ForAll(
        Gen.Choose(0, 1200).ArrayOf().ToArbitrary(),
        ArbMap.Default.ArbFor<bool>(),
        static (sizes, isDelta) =>
        {
            var whole = Make(isDelta, sizes);
            var (parts, leftOut) = FrameParts.Split(whole, MaxBytes);
            Assert.All(parts, static part => Assert.InRange(part.CalculateSize(), 1, MaxBytes));
            Assert.Equal(parts.SkipLast(1).Select(static _ => true).Append(false).Take(parts.Count), parts.Select(static part => part.More));
            var entries = FrameParts.EntriesOf(whole)!;
            var fitting = entries.Where(static entry => entry.CalculateSize() <= LargestEntry).ToList();
            Assert.Equal(fitting, Assembled(parts));
            Assert.Equal(entries.Count - fitting.Count, leftOut);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_no_list_is_not_divided() =>
        Assert.Empty(FrameParts.Split(new Frame { Number = 1, StoreChanged = new StoreChanged() }, MaxBytes).Parts);

    private static Frame Make(bool isDelta, IEnumerable<int> sizes)
    {
        var frame = isDelta
            ? new Frame { Number = long.MaxValue, TableDelta = new TableDelta() }
            : new Frame { Number = -1, BucketEntries = new BucketEntries { Bucket = int.MaxValue } };
        FrameParts.EntriesOf(frame)!.AddRange(sizes.Select(static (size, number) => new TableEntry
        {
            Key = $"web/{number}",
            Payload = new Payload { Type = "text", Data = ByteString.CopyFrom(new byte[size]) },
        }));
        return frame;
    }

    private static RepeatedField<TableEntry> Assembled(IReadOnlyList<Frame> parts)
    {
        var assembly = new FrameAssembly();
        foreach (var part in parts)
        {
            var (whole, fault) = assembly.Add(part.Clone());
            Assert.Null(fault);
            Assert.Equal(part.More, whole is null);
            if (whole is not null)
                return FrameParts.EntriesOf(whole)!;
        }
        return new RepeatedField<TableEntry>();
    }
}
