using Google.Protobuf;
using MultiCluster.Cluster.Transport.Http2.Handshake;

namespace MultiCluster.Cluster.Transport.Http2.Framing;

/// <summary>
/// Messages both ways between two processes that know who the other is. Sending is from any thread; receiving is by one reader, and
/// what it does not take stops the sender.
/// </summary>
public sealed class DuplexStream<TSend, TReceive> : IAsyncDisposable
    where TSend : class, IMessage<TSend>
    where TReceive : class, IMessage<TReceive>, new()
{
    private static readonly MessageParser<TReceive> Parser = new MessageParser<TReceive>(static () => new TReceive()).WithDiscardUnknownFields(true);

    private readonly FrameStream _frames;

    internal DuplexStream(FrameStream frames, RemotePeer peer)
    {
        _frames = frames;
        Peer = peer;
    }

    public RemotePeer Peer { get; }

    public int QueuedMessages => _frames.QueuedMessages;

    public long QueuedBytes => _frames.QueuedBytes;

    public long SentMessages => _frames.SentMessages;

    public long SentBytes => _frames.SentBytes;

    /// <summary>
    /// Completes with the reason when the stream is over. That the peer has gone is noticed by who receives or sends, so one of them
    /// must be under way.
    /// </summary>
    public Task<LinkError> Ended => _frames.Ended;

    public SendOutcome TrySend(TSend message) => _frames.TrySend(message);

    /// <summary>Waits until there is room. Never <see cref="SendOutcome.Full"/>.</summary>
    public ValueTask<SendOutcome> SendAsync(TSend message, CancellationToken cancellation) => _frames.SendAsync(message, cancellation);

    /// <returns>Null: the stream is over, <see cref="Ended"/> says why.</returns>
    public async ValueTask<TReceive?> ReceiveAsync(CancellationToken cancellation)
    {
        if (await _frames.ReadAsync(cancellation) is not { } frame)
            return null;
        try
        {
            return Parser.ParseFrom(frame);
        }
        catch (InvalidProtocolBufferException garbage)
        {
            _frames.End(LinkErrors.OfStream(garbage));
            return null;
        }
    }

    /// <summary>Sends what waits, within <see cref="TransportLimits.CloseTimeout"/>, and ends the stream.</summary>
    public ValueTask CloseAsync() => _frames.CloseAsync();

    /// <summary>Cuts the stream; what waits is lost.</summary>
    public ValueTask DisposeAsync() => _frames.DisposeAsync();
}
