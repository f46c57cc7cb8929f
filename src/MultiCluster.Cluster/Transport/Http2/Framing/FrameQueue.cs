using System.Threading.Channels;
using Google.Protobuf;

namespace MultiCluster.Cluster.Transport.Http2.Framing;

/// <summary>
/// Frames that wait to be sent, bounded by count and bytes. What is under way counts until the connection has taken it, so that
/// a slow reader is felt.
/// </summary>
internal sealed class FrameQueue(TransportLimits limits)
{
    private readonly Lock _gate = new();
    private readonly Channel<PooledFrame> _channel = Channel.CreateUnbounded<PooledFrame>(new UnboundedChannelOptions { SingleReader = true });
    private TaskCompletionSource? _room;
    private int _messages;
    private long _bytes;
    private bool _closed;

    /// <summary>For a small message; spares encoding one in vain.</summary>
    public bool HasRoom => Messages < limits.SendQueueMessages && Bytes < limits.SendQueueBytes;

    public int Messages => Volatile.Read(ref _messages);

    public long Bytes => Interlocked.Read(ref _bytes);

    public ChannelReader<PooledFrame> Reader => _channel.Reader;

    public SendOutcome TryAdd(IMessage message)
    {
        var size = message.CalculateSize();
        if (size > limits.MaxFrameBytes)
            return SendOutcome.TooLarge;
        var length = size + FrameFormat.PrefixLength;
        var outcome = Reserve(1, length);
        if (outcome != SendOutcome.Taken)
            return outcome;
        var frame = PooledFrame.Encode(message, size);
        if (_channel.Writer.TryWrite(frame))
            return SendOutcome.Taken;
        frame.Return();
        Release(1, length);
        return SendOutcome.Closed;
    }

    /// <summary>All or none. Together they may be above the bound of bytes when they are alone.</summary>
    public SendOutcome TryAdd(IReadOnlyList<IMessage> messages)
    {
        var sizes = messages.Select(static message => message.CalculateSize()).ToArray();
        if (sizes.Any(size => size > limits.MaxFrameBytes))
            return SendOutcome.TooLarge;
        var outcome = Reserve(messages.Count, sizes.Sum(static size => (long)size + FrameFormat.PrefixLength));
        if (outcome != SendOutcome.Taken)
            return outcome;
        for (var at = 0; at < messages.Count; at++)
        {
            var frame = PooledFrame.Encode(messages[at], sizes[at]);
            if (_channel.Writer.TryWrite(frame))
                continue;
            frame.Return();
            Release(messages.Count - at, sizes.Skip(at).Sum(static size => (long)size + FrameFormat.PrefixLength));
            return SendOutcome.Closed;
        }
        return SendOutcome.Taken;
    }

    /// <summary>Ends when something has been sent since, or the queue was closed.</summary>
    public Task WhenRoomAsync()
    {
        lock (_gate)
        {
            if (_closed || _messages == 0)
                return Task.CompletedTask;
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    public void Release(int messages, long bytes)
    {
        TaskCompletionSource? room;
        lock (_gate)
        {
            _messages -= messages;
            _bytes -= bytes;
            (room, _room) = (_room, null);
        }
        room?.TrySetResult();
    }

    /// <summary>Takes no more; what waits can still be read.</summary>
    public void Close()
    {
        TaskCompletionSource? room;
        lock (_gate)
        {
            _closed = true;
            (room, _room) = (_room, null);
        }
        _channel.Writer.TryComplete();
        room?.TrySetResult();
    }

    public void Drop()
    {
        Close();
        while (_channel.Reader.TryRead(out var frame))
        {
            Release(1, frame.Length);
            frame.Return();
        }
    }

    private SendOutcome Reserve(int messages, long bytes)
    {
        lock (_gate)
        {
            if (_closed)
                return SendOutcome.Closed;
            if (_messages >= limits.SendQueueMessages || (_messages > 0 && _bytes + bytes > limits.SendQueueBytes))
                return SendOutcome.Full;
            _messages += messages;
            _bytes += bytes;
            return SendOutcome.Taken;
        }
    }
}
