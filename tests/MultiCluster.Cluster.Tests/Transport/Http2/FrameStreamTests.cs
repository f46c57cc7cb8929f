using System.Buffers;
using System.IO.Pipelines;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using MultiCluster.Cluster.Tests.Transport.Http2.Support;
using MultiCluster.Cluster.Transport.Http2;
using MultiCluster.Cluster.Transport.Http2.Framing;

namespace MultiCluster.Cluster.Tests.Transport.Http2;

public sealed class FrameStreamTests
{
    private readonly Pipe _incoming = new();
    private readonly Pipe _outgoing = new(new PipeOptions(pauseWriterThreshold: 1000, resumeWriterThreshold: 500));

    [Fact]
    public async Task Reads_frames_until_the_peer_ends_in_peace()
    {
        await using var stream = Open();
        await _incoming.Writer.WriteAsync(RawPeer.Framed([1, 2, 3]));
        await _incoming.Writer.WriteAsync(RawPeer.Framed([]));
        await _incoming.Writer.CompleteAsync();
        Assert.Equal([1, 2, 3], (await stream.ReadAsync(CancellationToken.None))!.Value.ToArray());
        Assert.Empty((await stream.ReadAsync(CancellationToken.None))!.Value.ToArray());
        Assert.Null(await stream.ReadAsync(CancellationToken.None));
        Assert.Equal(LinkErrorCode.Closed, (await stream.Ended).Code);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    public async Task An_end_within_a_frame_is_truncated(int bytes)
    {
        await using var stream = Open();
        await _incoming.Writer.WriteAsync(RawPeer.Framed([1, 2, 3]).AsMemory(0, bytes));
        await _incoming.Writer.CompleteAsync();
        Assert.Null(await stream.ReadAsync(CancellationToken.None));
        Assert.Equal(LinkErrorCode.Truncated, (await stream.Ended).Code);
    }

    [Fact]
    public async Task An_oversized_frame_ends_the_stream_and_names_both_sizes()
    {
        await using var stream = Open(new TransportLimits { MaxFrameBytes = 1024 });
        var prefix = new byte[4];
        FrameFormat.WriteLength(prefix, 1025);
        await _incoming.Writer.WriteAsync(prefix);
        Assert.Null(await stream.ReadAsync(CancellationToken.None));
        var end = await stream.Ended;
        Assert.Equal(LinkErrorCode.FrameTooLarge, end.Code);
        Assert.Contains("1025", end.Text, StringComparison.Ordinal);
        Assert.Contains("1024", end.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_lost()
    {
        await using var stream = Open();
        await _incoming.Writer.CompleteAsync(new IOException("reset by the test"));
        Assert.Null(await stream.ReadAsync(CancellationToken.None));
        Assert.Equal(new LinkError(LinkErrorCode.Lost, "the connection broke: reset by the test"), await stream.Ended);
    }

#pragma warning disable VSTHRD002 // Properties are synchronous; no context is here to deadlock with.
    [Fact]
    public void No_bytes_make_the_reader_throw() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<PositiveInt>(), static (bytes, piece) =>
        ReadAllAsync(bytes, piece.Get).GetAwaiter().GetResult()).QuickCheckThrowOnFailure();
#pragma warning restore VSTHRD002

    [Fact]
    public async Task A_slow_reader_fills_the_queue_up_to_its_bounds_and_no_further()
    {
        await using var stream = Open(new TransportLimits { SendQueueMessages = 10, SendQueueBytes = 5000 });
        var message = new BytesValue { Value = ByteString.CopyFrom(new byte[900]) };
        var taken = 0;
        while (stream.TrySend(message) == SendOutcome.Taken)
            Assert.True(++taken <= 10, "the queue has no bound");
        Assert.Equal(SendOutcome.Full, stream.TrySend(message));
        Assert.InRange(stream.QueuedBytes, 1, 5000);
        Assert.InRange(stream.QueuedMessages, 1, 10);
        var waiting = stream.SendAsync(message, CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);
        for (var read = 0; read < taken + 1; read++)
            await ReadOutgoingAsync();
        Assert.Equal(SendOutcome.Taken, await waiting);
    }

    [Fact]
    public async Task A_frame_above_the_queues_bytes_is_taken_when_it_is_alone()
    {
        await using var stream = Open(new TransportLimits { SendQueueBytes = 100 });
        Assert.Equal(SendOutcome.Taken, stream.TrySend(new BytesValue { Value = ByteString.CopyFrom(new byte[2000]) }));
        Assert.Equal(SendOutcome.Full, stream.TrySend(new BytesValue { Value = ByteString.CopyFrom(new byte[10]) }));
    }

    [Fact]
    public async Task A_message_above_the_largest_frame_is_never_taken()
    {
        await using var stream = Open(new TransportLimits { MaxFrameBytes = 1024 });
        Assert.Equal(SendOutcome.TooLarge, stream.TrySend(new BytesValue { Value = ByteString.CopyFrom(new byte[1100]) }));
        Assert.Equal(0, stream.QueuedMessages);
    }

    [Fact]
    public async Task Closing_sends_what_waits_and_takes_no_more()
    {
        var stream = Open();
        for (var number = 0; number < 5; number++)
            stream.TrySend(new Int32Value { Value = number });
        await stream.CloseAsync();
        Assert.Equal(SendOutcome.Closed, stream.TrySend(new Int32Value()));
        for (var number = 0; number < 5; number++)
            Assert.Equal(number, Int32Value.Parser.ParseFrom(await ReadOutgoingAsync()).Value);
        Assert.Equal(5, stream.SentMessages);
    }

    [Fact]
    public async Task Who_waits_for_room_learns_that_the_stream_is_over()
    {
        var stream = Open(new TransportLimits { SendQueueMessages = 1 });
        Assert.Equal(SendOutcome.Taken, stream.TrySend(new BytesValue { Value = ByteString.CopyFrom(new byte[2000]) }));
        var waiting = stream.SendAsync(new Int32Value { Value = 1 }, CancellationToken.None).AsTask();
        await stream.DisposeAsync();
        Assert.Equal(SendOutcome.Closed, await waiting);
        Assert.Equal(0, stream.QueuedMessages);
        Assert.Equal(0, stream.QueuedBytes);
    }

    [Fact]
    public async Task A_reader_that_waits_learns_that_its_own_side_has_ended_the_stream()
    {
        await using var stream = Open();
        var reading = stream.ReadAsync(CancellationToken.None).AsTask();
        stream.End(new LinkError(LinkErrorCode.Closed, "enough"));
        Assert.Null(await reading.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    private static async Task ReadAllAsync(byte[] bytes, int piece)
    {
        var test = new FrameStreamTests();
        await using var stream = test.Open(new TransportLimits { MaxFrameBytes = 1024 });
        for (var at = 0; at < bytes.Length; at += piece)
            await test._incoming.Writer.WriteAsync(bytes.AsMemory(at, Math.Min(piece, bytes.Length - at)));
        await test._incoming.Writer.CompleteAsync();
        while (await stream.ReadAsync(CancellationToken.None) is { } frame)
            Assert.InRange(frame.Length, 0, 1024);
        Assert.Contains((await stream.Ended).Code, new[] { LinkErrorCode.Closed, LinkErrorCode.Truncated, LinkErrorCode.FrameTooLarge });
    }

    private async Task<byte[]> ReadOutgoingAsync()
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var read = await _outgoing.Reader.ReadAsync(late.Token);
            var buffer = read.Buffer;
            if (FrameFormat.TryRead(ref buffer, 1 << 20, out var frame, out _) == FrameRead.Complete)
            {
                var bytes = frame.ToArray();
                _outgoing.Reader.AdvanceTo(buffer.Start);
                return bytes;
            }
            Assert.False(read.IsCompleted, "the output ended");
            _outgoing.Reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private FrameStream Open(TransportLimits? limits = null) => new(
        new FrameStreamEnds
        {
            IsDialler = false,
            Input = _incoming.Reader,
            Output = _outgoing.Writer,
            Time = TimeProvider.System,
            CompleteOutputAsync = () => _outgoing.Writer.CompleteAsync(),
            Finish = static _ => { },
        },
        limits ?? new TransportLimits());
}
