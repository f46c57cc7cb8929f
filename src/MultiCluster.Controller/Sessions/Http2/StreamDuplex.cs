using Google.Protobuf;
using MultiCluster.Cluster.Transport.Http2.Framing;
using MultiCluster.Controller.Wire;
using P = MultiCluster.Controller.Wire.Protos;
using SessionStream = MultiCluster.Cluster.Transport.Http2.Framing.DuplexStream<
    MultiCluster.Controller.Wire.Protos.SessionFrame, MultiCluster.Controller.Wire.Protos.SessionFrame>;

namespace MultiCluster.Controller.Sessions.Http2;

/// <summary>Messages of a session as frames of a stream between processes.</summary>
internal abstract class StreamDuplex<TOut, TIn>(SessionStream stream) : IDuplex<TOut, TIn>
    where TOut : class
    where TIn : class
{
    private Task _receiving = Task.CompletedTask;
    private int _disposed;

    public string Peer { get; } = $"{stream.Peer.Identity} at {stream.Peer.Address}";

    protected SessionStream Stream => stream;

    public async ValueTask<string?> SendAsync(TOut message, CancellationToken cancellationToken)
    {
        var encoded = DomainCodec.TryEncode(message);
        if (!encoded.IsOk)
            return encoded.Error;
        var frame = new P.SessionFrame { Type = encoded.Value.Type, Envelope = UnsafeByteOperations.UnsafeWrap(encoded.Value.Bytes) };
        return await stream.SendAsync(frame, cancellationToken) switch
        {
            SendOutcome.Taken => null,
            SendOutcome.TooLarge => $"{encoded.Value.Type}: {encoded.Value.Bytes.Length} bytes are more than a frame of this transport may hold",
            _ => (await stream.Ended).Text,
        };
    }

    public async ValueTask<Incoming<TIn>> ReceiveAsync(CancellationToken cancellationToken)
    {
        var receiving = stream.ReceiveAsync(cancellationToken).AsTask();
        _receiving = receiving;
        return await receiving is { } frame ? Read(frame) : new Incoming<TIn>(null, (await stream.Ended).Text);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            await EndAsync();
    }

    /// <summary>What was sent before still goes, if that goes quickly: it may say why this is the end.</summary>
    protected abstract Task EndAsync();

    /// <returns>Why a message that can be read does not belong on this stream; null if it does.</returns>
    protected virtual string? Objection(TIn message) => null;

    /// <summary>Reads on to the end in place of who did until now, and drops what comes.</summary>
    protected async Task DrainAsync()
    {
        await _receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (await stream.ReceiveAsync(CancellationToken.None) is not null)
        {
            // For nobody any more.
        }
    }

    private Incoming<TIn> Read(P.SessionFrame frame)
    {
        var message = DomainCodec.Decode(frame.Type, frame.Envelope.Memory, out var error);
        if (error is null && message is not TIn)
            error = $"{frame.Type} does not belong on this side of a session";
        error ??= Objection((TIn)message!);
        return error is null ? new Incoming<TIn>((TIn)message!, null) : new Incoming<TIn>(null, error);
    }
}
