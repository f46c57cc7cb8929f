using System.Buffers;
using System.IO.Pipelines;
using Google.Protobuf;

namespace MultiCluster.Cluster.Transport.Http2.Framing;

/// <summary>
/// Frames both ways over one HTTP/2 stream. Sending never waits: a pump takes from a bounded queue, several small frames in one
/// write. Reading is by one reader, at its own pace; what it leaves unread stops the sender through HTTP/2's windows.
/// </summary>
internal sealed class FrameStream : IAsyncDisposable
{
    private const int BatchBytes = 64 * 1024;

    private readonly FrameStreamEnds _ends;
    private readonly TransportLimits _limits;
    private readonly FrameQueue _queue;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<LinkError> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _pump;
    private ReadOnlySequence<byte> _rest;
    private bool _holds;
    private bool _inputEnded;
    private long _sentMessages;
    private long _sentBytes;
    private int _disposed;

    public FrameStream(FrameStreamEnds ends, TransportLimits limits)
    {
        _ends = ends;
        _limits = limits;
        _queue = new FrameQueue(limits);
        _pump = Task.Run(PumpAsync);
    }

    public bool HasRoom => _queue.HasRoom;

    public int QueuedMessages => _queue.Messages;

    public long QueuedBytes => _queue.Bytes;

    /// <summary>Handed to the connection.</summary>
    public long SentMessages => Interlocked.Read(ref _sentMessages);

    public long SentBytes => Interlocked.Read(ref _sentBytes);

    /// <summary>Completes with the first reason why the stream is over. A reader learns of it by reading.</summary>
    public Task<LinkError> Ended => _ended.Task;

    public SendOutcome TrySend(IMessage message) => _queue.TryAdd(message);

    /// <summary>All or none, and nothing between them.</summary>
    public SendOutcome TrySend(IReadOnlyList<IMessage> messages) => _queue.TryAdd(messages);

    /// <summary>Waits until there is room. Never <see cref="SendOutcome.Full"/>.</summary>
    public async ValueTask<SendOutcome> SendAsync(IMessage message, CancellationToken cancellation)
    {
        while (true)
        {
            var room = _queue.WhenRoomAsync();
            var outcome = TrySend(message);
            if (outcome != SendOutcome.Full)
                return outcome;
            await room.WaitAsync(cancellation);
        }
    }

    public ValueTask<ReadOnlySequence<byte>?> ReadAsync(CancellationToken cancellation) => ReadAsync(_limits.MaxFrameBytes, cancellation);

    /// <returns>The next frame, valid until the next call; null: the stream is over, <see cref="Ended"/> says why.</returns>
    public async ValueTask<ReadOnlySequence<byte>?> ReadAsync(int maxBytes, CancellationToken cancellation)
    {
        while (!_ended.Task.IsCompleted)
        {
            if (_holds && TryTake(maxBytes) is { } frame)
                return frame;
            if (_ended.Task.IsCompleted)
                break;
            try
            {
                if (_holds)
                    _ends.Input.AdvanceTo(_rest.Start, _rest.End);
                _holds = false;
                var read = await _ends.Input.ReadAsync(cancellation);
                (_rest, _inputEnded, _holds) = (read.Buffer, read.IsCompleted, true);
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested || exception is not OperationCanceledException)
            {
                End(LinkErrors.OfStream(exception));
            }
        }
        return null;
    }

    /// <summary>Sets the reason if there is none yet. What waits is not sent any more unless the stream ended in peace.</summary>
    public void End(LinkError reason)
    {
        if (!_ended.TrySetResult(reason))
            return;
        _queue.Close();
        WakeReader();
        if (reason.Code != LinkErrorCode.Closed)
            _ = _stop.CancelAsync();
    }

    /// <summary>
    /// Sends what waits, as far as it goes within the deadline, and ends the stream. Who dialled must be reading meanwhile: a request
    /// that is let go before its response has ended takes what the other side has not read yet with it.
    /// </summary>
    public async ValueTask CloseAsync()
    {
        _queue.Close();
        var done = _ends.IsDialler ? Task.WhenAll(_pump, _ended.Task) : _pump;
        try
        {
            await done.WaitAsync(_limits.CloseTimeout, _ends.Time);
        }
        catch (TimeoutException)
        {
            End(new LinkError(LinkErrorCode.Lost, $"the peer has not taken what waited within {_limits.CloseTimeout}"));
        }
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        End(LinkErrors.Stopped);
        var drained = _pump.IsCompleted;
        await _stop.CancelAsync();
        _ends.Finish(drained);
        await _pump;
        _queue.Drop();
    }

    private void WakeReader()
    {
        try
        {
            _ends.Input.CancelPendingRead();
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException or InvalidOperationException)
        {
            // Kestrel's throws what broke the connection, also when it is the abort itself that ends the stream.
        }
    }

    private ReadOnlySequence<byte>? TryTake(int maxBytes)
    {
        switch (FrameFormat.TryRead(ref _rest, maxBytes, out var frame, out var length))
        {
            case FrameRead.Complete:
                return frame;
            case FrameRead.TooLarge:
                End(new LinkError(LinkErrorCode.FrameTooLarge, $"received a frame of {length} bytes, which is above the limit of {maxBytes}"));
                return null;
            default:
                if (_inputEnded)
                    End(_rest.IsEmpty ? _ends.Farewell() ?? LinkErrors.ClosedByPeer : Cut());
                return null;
        }
    }

    private LinkError Cut() => new(LinkErrorCode.Truncated, $"the stream ended within a frame, {_rest.Length} bytes into it");

    private async Task PumpAsync()
    {
        try
        {
            while (await _queue.Reader.WaitToReadAsync(_stop.Token))
                await SendBatchAsync();
            await _ends.CompleteOutputAsync();
        }
        catch (Exception exception)
        {
            End(LinkErrors.OfStream(exception));
        }
    }

    private async ValueTask SendBatchAsync()
    {
        var (messages, bytes) = (0, 0);
        while (bytes < BatchBytes && _queue.Reader.TryRead(out var frame))
        {
            _ends.Output.Write(frame.Span);
            messages++;
            bytes += frame.Length;
            frame.Return();
        }
        try
        {
            await _ends.Output.FlushAsync(_stop.Token);
        }
        finally
        {
            _queue.Release(messages, bytes);
        }
        Interlocked.Add(ref _sentMessages, messages);
        Interlocked.Add(ref _sentBytes, bytes);
    }
}
