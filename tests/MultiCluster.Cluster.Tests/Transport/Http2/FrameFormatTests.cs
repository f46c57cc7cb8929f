using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using MultiCluster.Cluster.Tests.Transport.Http2.Support;
using MultiCluster.Cluster.Transport.Http2.Framing;

namespace MultiCluster.Cluster.Tests.Transport.Http2;

public sealed class FrameFormatTests
{
    private const int Limit = 64;

    [Fact]
    public void Frames_come_out_as_they_went_in_wherever_the_bytes_are_cut() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[][]>(), ArbMap.Default.ArbFor<PositiveInt>(), static (bodies, piece) =>
        {
            bodies = [.. bodies.Select(static body => body.Take(Limit).ToArray())];
            var bytes = bodies.SelectMany(RawPeer.Framed).ToArray();
            var buffer = Cut(bytes, piece.Get);
            var read = new List<byte[]>();
            while (FrameFormat.TryRead(ref buffer, Limit, out var frame, out _) == FrameRead.Complete)
                read.Add(frame.ToArray());
            Assert.Equal(bodies, read);
            Assert.Equal(0, buffer.Length);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_beginning_of_a_frame_is_partial() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<NonNegativeInt>(), static (body, cut) =>
        {
            var bytes = RawPeer.Framed([.. body.Take(Limit)]);
            var buffer = Cut(bytes[..(cut.Get % bytes.Length)], 3);
            var before = buffer.Length;
            Assert.Equal(FrameRead.Partial, FrameFormat.TryRead(ref buffer, Limit, out _, out _));
            Assert.Equal(before, buffer.Length);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Garbage_is_a_frame_or_partial_or_too_large_and_nothing_else() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(), static bytes =>
        {
            var buffer = Cut(bytes, 2);
            var outcome = FrameFormat.TryRead(ref buffer, Limit, out var frame, out var length);
            Assert.True(outcome switch
            {
                FrameRead.Complete => frame.Length == length && length <= Limit && bytes.Length == 4 + length + buffer.Length,
                FrameRead.Partial => bytes.Length < 4 || bytes.Length < 4 + length,
                FrameRead.TooLarge => length > Limit,
                _ => false,
            });
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(64u, FrameRead.Partial)]
    [InlineData(65u, FrameRead.TooLarge)]
    [InlineData(0x8000_0000u, FrameRead.TooLarge)]
    [InlineData(0xffff_ffffu, FrameRead.TooLarge)]
    public void A_length_above_the_limit_is_refused_before_its_bytes_come(uint length, object outcome)
    {
        var prefix = new byte[4];
        FrameFormat.WriteLength(prefix, unchecked((int)length));
        var buffer = new ReadOnlySequence<byte>(prefix);
        Assert.Equal((FrameRead)outcome, FrameFormat.TryRead(ref buffer, Limit, out _, out _));
    }

    private static ReadOnlySequence<byte> Cut(byte[] bytes, int piece)
    {
        if (bytes.Length == 0)
            return ReadOnlySequence<byte>.Empty;
        var first = new Segment(bytes.AsMemory(0, Math.Min(piece, bytes.Length)), 0);
        var last = first;
        for (var at = last.Memory.Length; at < bytes.Length; at += piece)
            last = last.Append(bytes.AsMemory(at, Math.Min(piece, bytes.Length - at)));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
