using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Controller.Routing;

namespace MultiCluster.Controller.Sessions;

internal sealed record SessionSettings(
    string Cluster, IDuplex<ControllerMessage, AgentMessage> Connection, SessionOptions Options, ILogger Logger);

/// <summary>One connected agent, on the controller's side: does what the core says. Ends with the connection, and the connection with it.</summary>
[SuppressMessage("Design", "CA1001", Justification = "An actor's resources end in PostStopAsync.")]
internal sealed partial class ProxySession(SessionSettings settings) : Actor
{
    private SessionCore? _core;
    private AgentMessage.Hello? _hello;
    private DateTimeOffset _since;
    private long _began;
    private string? _goElsewhere;
    private bool _sending;

    private TimeSpan Now => Context.System.TimeProvider.GetElapsedTime(_began);

    protected override ValueTask PreStartAsync()
    {
        _since = Context.System.TimeProvider.GetUtcNow();
        _began = Context.System.TimeProvider.GetTimestamp();
        Context.Timers.StartPeriodic(Tick.Instance, settings.Options.Heartbeat / 2, Tick.Instance);
        Receive();
        return default;
    }

    /// <summary>A new session needs a new connection, so there is nothing to restart.</summary>
    protected override ValueTask PostRestartAsync(Exception cause)
    {
        Context.Stop(Self);
        return default;
    }

    protected override async ValueTask PostStopAsync()
    {
        if (_hello is not null)
            LogEnded(settings.Logger, _hello.Proxy);
        await settings.Connection.DisposeAsync();
    }

    protected override ValueTask ReceiveAsync(object message)
    {
        switch (message)
        {
            case Received { Incoming.Message: { } received }:
                OnMessage(received);
                break;
            case Received { Incoming.Ended: var reason }:
                End(reason ?? "the connection ended");
                break;
            case Sent sent:
                _sending = false;
                if (sent.Problem is { } problem)
                    End(problem);
                break;
            case HubMessages.GoElsewhere elsewhere:
                _goElsewhere = elsewhere.Reason;
                break;
            case HubMessages.Subscribed subscribed:
                _core!.Take(subscribed);
                break;
            case HubMessages.Changed changed:
                _core!.Take(changed);
                break;
            case HubMessages.ShardContents contents:
                _core!.Take(contents);
                break;
            case HubMessages.Digests digests:
                _core!.Take(digests);
                break;
            case Readiness readiness:
                _core!.Take(readiness);
                break;
            case Tick when _core is null && Now > settings.Options.AnswerTimeout:
                End("no hello");
                break;
            case Tick:
                Report();
                break;
            default:
                Unhandled(message);
                break;
        }

        return default;
    }

    protected override ValueTask AfterBatchAsync()
    {
        Proceed();
        return default;
    }

    private void OnMessage(AgentMessage message)
    {
        if (_core is not null)
        {
            _core.Receive(message, Now);
            if (message is AgentMessage.Applied or AgentMessage.Loads)
                Report();
            Receive();
            return;
        }

        if (message is not AgentMessage.Hello hello)
        {
            End($"{message.GetType().Name} before hello");
            return;
        }

        if (!string.Equals(hello.Cluster, settings.Cluster, StringComparison.Ordinal))
        {
            Refuse($"this is cluster \"{settings.Cluster}\", not \"{hello.Cluster}\"");
            return;
        }

        _hello = hello;
        _core = new SessionCore(settings.Options, Now);
        LogBegan(settings.Logger, hello.Proxy, hello.Incarnation, settings.Connection.Peer);
        Context.Parent!.Tell(hello, Self);
        Receive();
    }

    private void Refuse(string reason)
    {
        LogRefused(settings.Logger, settings.Connection.Peer, reason);
        Send(new ControllerMessage.Refusal(reason), static _ => new Sent("refused"));
    }

    private void Proceed()
    {
        if (_goElsewhere is { } reason)
        {
            if (!_sending)
                Refuse(reason);
            return;
        }

        while (_core is not null && !_sending && _core.Next(Now) is { } step)
        {
            switch (step)
            {
                case SessionStep.Send send:
                    Send(send.Message, static problem => new Sent(problem));
                    break;
                case SessionStep.Fetch or SessionStep.Compare:
                    Context.Parent!.Tell(step, Self);
                    break;
                case SessionStep.Close close:
                    End(close.Reason);
                    return;
            }
        }
    }

    private void Send(ControllerMessage message, Func<string?, Sent> then)
    {
        _sending = true;
        Context.PipeToSelf(settings.Connection.SendAsync(message, Context.Stopping).AsTask(), then, static failure => new Sent(failure.Message));
    }

    private void Receive() => Context.PipeToSelf(
        settings.Connection.ReceiveAsync(Context.Stopping).AsTask(),
        static incoming => new Received(incoming),
        static failure => new Received(new Incoming<AgentMessage>(null, failure.Message)));

    private void Report() => Context.Parent!.Tell(new SessionView(
        _hello?.Proxy ?? "",
        _hello?.Incarnation ?? "",
        settings.Connection.Peer,
        _since,
        _core?.TablePosition ?? 0,
        _core?.AckedPosition ?? 0,
        _core?.AppliedPosition ?? 0,
        _core?.Waiting ?? 0,
        _core?.InSnapshot ?? false,
        _core?.Refused.ToImmutableSortedDictionary(StringComparer.Ordinal) ?? ImmutableSortedDictionary<string, string>.Empty)
    {
        Loads = _core?.LoadsAt(Now),
    }, Self);

    private void End(string reason)
    {
        LogEnding(settings.Logger, _hello?.Proxy ?? settings.Connection.Peer, reason);
        _core = null;
        Context.Stop(Self);
    }

    private sealed record Received(Incoming<AgentMessage> Incoming);

    private sealed record Sent(string? Problem);

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }
}
