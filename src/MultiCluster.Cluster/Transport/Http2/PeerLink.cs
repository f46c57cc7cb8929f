using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using MultiCluster.Cluster.Transport.Http2.Client;
using MultiCluster.Cluster.Transport.Http2.Codec;
using MultiCluster.Cluster.Transport.Http2.Framing;
using MultiCluster.Cluster.Transport.Http2.Handshake;

namespace MultiCluster.Cluster.Transport.Http2;

internal sealed record LinkSettings(
    TransportOptions Options,
    PeerDialer Dialer,
    PeerCodec Codec,
    ITransportReceiver Receiver,
    Random Random,
    TimeProvider Time,
    ILogger Logger);

/// <summary>Stays connected with one run of a peer, and sends to it. What comes back on this stream is only how it ended.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer and no handle; senders may look at it at any time.")]
internal sealed partial class PeerLink
{
    private readonly LinkSettings _settings;
    private readonly CancellationTokenSource _stop = new();
    private readonly ComplaintBook _complaints = new();
    private readonly Task _run;
    private volatile FrameStream? _frames;
    private volatile LinkError? _lastError;
    private DateTimeOffset _since;
    private DateTimeOffset _lastErrorAt;
    private long _refused;
    private long _unsendable;
    private int _saidFull;

    /// <param name="before">Has to end first, so that the receiver hears of one connection at a time.</param>
    public PeerLink(NodeId self, Peer peer, Task before, LinkSettings settings)
    {
        Self = self;
        Peer = peer;
        _settings = settings;
        _since = settings.Time.GetUtcNow();
        _run = Task.Run(() => RunAsync(before));
    }

    public NodeId Self { get; }

    public Peer Peer { get; }

    public PeerState State
    {
        get
        {
            var (frames, error) = (_frames, _lastError);
            return new PeerState(
                Peer.Id, Peer.Address, frames is not null, _since, error, error is null ? null : _lastErrorAt,
                frames?.QueuedMessages ?? 0, frames?.QueuedBytes ?? 0, frames?.SentMessages ?? 0, frames?.SentBytes ?? 0,
                Interlocked.Read(ref _refused), Interlocked.Read(ref _unsendable));
        }
    }

    /// <summary>Ends when the receiver has heard the last of it.</summary>
    public Task Stopped => _run;

    /// <summary>What waits is sent, if that goes quickly.</summary>
    public void Stop() => _ = _stop.CancelAsync();

    /// <summary>
    /// True also for what can never be sent: a message that was given back would be tried again for ever, and block what comes after.
    /// </summary>
    public bool TrySend(LinkFrame frame)
    {
        if (_frames is not { } frames || frame.From != Self)
            return false;
        if (!frames.HasRoom)
            return Refuse(frames);
        var (wire, fault) = _settings.Codec.Encode(frame.Number, frame.Message);
        if (wire is null)
        {
            Interlocked.Increment(ref _unsendable);
            if (_complaints.IsNew(fault!, LinkErrorCode.Garbage))
                LogNoEncoding(_settings.Logger, Peer.Id, fault!);
            return true;
        }
        var outcome = frames.TrySend(wire);
        if (outcome == SendOutcome.TooLarge)
            outcome = TrySendParts(frames, wire, frame.Message);
        return outcome switch
        {
            SendOutcome.Taken or SendOutcome.TooLarge => true,
            SendOutcome.Full => Refuse(frames),
            SendOutcome.Closed => false,
            _ => throw new InvalidOperationException("unknown outcome"),
        };
    }

    private SendOutcome TrySendParts(FrameStream frames, Wire.Frame wire, object message)
    {
        var (parts, leftOut) = FrameParts.Split(wire, _settings.Options.Limits.MaxFrameBytes);
        var outcome = parts.Count == 0 ? SendOutcome.TooLarge : frames.TrySend(parts);
        if (outcome == SendOutcome.TooLarge || (outcome == SendOutcome.Taken && leftOut > 0))
            SayTooLarge(message);
        return outcome;
    }

    private bool Refuse(FrameStream frames)
    {
        Interlocked.Increment(ref _refused);
        if (Interlocked.Exchange(ref _saidFull, 1) == 0)
            LogFull(_settings.Logger, Peer.Id, Peer.Address, frames.QueuedMessages, frames.QueuedBytes);
        return false;
    }

    private void SayTooLarge(object message)
    {
        Interlocked.Increment(ref _unsendable);
        var type = message.GetType().Name;
        if (_complaints.IsNew(type, LinkErrorCode.FrameTooLarge))
            LogTooLarge(_settings.Logger, Peer.Id, type, _settings.Options.Limits.MaxFrameBytes);
    }

    private async Task RunAsync(Task before)
    {
        await before;
        var backoff = new Backoff(_settings.Options.Limits, _settings.Random);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ConnectOnceAsync(backoff);
                if (!_stop.IsCancellationRequested)
                    await Task.Delay(backoff.Next(), _settings.Time, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception bug)
            {
                LogBug(_settings.Logger, bug, Peer.Id);
                Failed(new LinkError(LinkErrorCode.Lost, $"an error inside the transport: {bug.Message}"));
            }
        }
    }

    private async Task ConnectOnceAsync(Backoff backoff)
    {
        var self = new PeerIdentity(_settings.Options.ClusterName, PeerRole.Node, Self.Name, Self.Incarnation);
        var (connection, error) = await _settings.Dialer.DialAsync(new PeerTarget(Peer.Address, PeerRole.Node, Peer.Id.Name), self, _stop.Token);
        if (connection is null)
        {
            Failing(error!);
            return;
        }
        await using var frames = connection.Frames;
        if (connection.Peer.Identity.Incarnation != Peer.Id.Incarnation)
        {
            Failing(new LinkError(LinkErrorCode.OtherNode, $"{Peer.Address} is run {connection.Peer.Identity.Incarnation} of '{Peer.Id.Name}', its record says {Peer.Id.Incarnation}"));
            return;
        }
        var began = _settings.Time.GetTimestamp();
        await UseAsync(frames, connection.Peer.Version);
        // A connection that is cut as soon as it is made is a failure too.
        if (_settings.Time.GetElapsedTime(began) > _settings.Options.Limits.MaxBackoff)
            backoff.Reset();
    }

    private async Task UseAsync(FrameStream frames, int version)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var stopping = _stop.Token.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), stopped);
        _complaints.Clear(Peer.Id.Name);
        _since = _settings.Time.GetUtcNow();
        Volatile.Write(ref _saidFull, 0);
        _frames = frames;
        LogUp(_settings.Logger, Peer.Id, Peer.Address, version);
        _settings.Receiver.PeerUp(Peer.Id);
        var reading = ReadToEndAsync(frames);
        try
        {
            await Task.WhenAny(reading, stopped.Task);
        }
        finally
        {
            _frames = null;
            _since = _settings.Time.GetUtcNow();
            _settings.Receiver.PeerDown(Peer.Id);
        }
        await frames.CloseAsync();
        await reading;
        var ended = await frames.Ended;
        Failed(ended);
        LogDown(_settings.Logger, Peer.Id, Peer.Address, _stop.IsCancellationRequested ? LinkErrors.Stopped : ended);
    }

    private static async Task ReadToEndAsync(FrameStream frames)
    {
        while (await frames.ReadAsync(CancellationToken.None) is not null)
        {
            // A later version may say something here; this one has nothing to hear.
        }
    }

    private void Failing(LinkError error)
    {
        Failed(error);
        if (error.Code != LinkErrorCode.NotReady && _complaints.IsNew(Peer.Id.Name, error.Code))
            LogFailing(_settings.Logger, Peer.Id, Peer.Address, error);
    }

    private void Failed(LinkError error)
    {
        _lastErrorAt = _settings.Time.GetUtcNow();
        _lastError = error;
    }
}
