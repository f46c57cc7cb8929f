using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Controller.Routing;
using MultiCluster.HAProxy.Runtime;

namespace MultiCluster.Controller.Sessions;

/// <param name="Addresses">Of controllers; any will do.</param>
/// <param name="Memory">Of the agent's last life; null if there is none.</param>
public sealed record AgentSettings(
    AgentIdentity Identity,
    ImmutableArray<string> Addresses,
    IControllerConnector Connector,
    AgentMemory? Memory,
    AgentOptions Options,
    Random Random,
    ILogger Logger);

/// <summary>
/// Beside a HAProxy without a controller in its process: holds the rows, and is its HAProxyInstance's route table. Always connected with
/// some controller, or on the way to the next; without one everything stays as it is.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "An actor's resources end in PostStopAsync.")]
public sealed partial class ProxyAgent : Actor
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(20);

    private readonly AgentSettings _settings;
    private readonly AgentCore _core;
    private readonly AddressBook _addresses;
    private readonly HashSet<IActorRef> _subscribers = [];
    private readonly Queue<AgentMessage> _outbox = [];
    private IDuplex<AgentMessage, ControllerMessage>? _connection;
    private string? _problem = "not connected yet";
    private long _attempt;
    private bool _welcomed;
    private bool _sending;
    private bool _receiving;

    public ProxyAgent(AgentSettings settings)
    {
        _settings = settings;
        _core = new AgentCore(settings.Identity, settings.Options, settings.Memory);
        _addresses = new AddressBook(settings.Addresses, settings.Options, settings.Random);
    }

    protected override ValueTask PreStartAsync()
    {
        Connect();
        return default;
    }

    protected override async ValueTask PostStopAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
    }

    protected override async ValueTask ReceiveAsync(object message)
    {
        switch (message)
        {
            case RouteTableProtocol.Subscribe:
                _subscribers.Add(Sender!);
                Sender!.Tell(new RouteTableProtocol.Snapshot(_core.Snapshot(), _core.Readiness), Self);
                break;
            case SessionProtocol.VersionApplied applied:
                Enqueue(_core.OnApplied(applied.Version));
                break;
            case SessionProtocol.LoadsMeasured loads:
                if (_welcomed)
                    Enqueue(new AgentMessage.Loads(loads.Members));
                break;
            case SessionProtocol.GetAgent:
                Context.Reply(View());
                break;
            case ConnectDue:
                Connect();
                break;
            case Connected connected:
                await OnConnectedAsync(connected);
                break;
            case Received received when received.Attempt == _attempt:
                await OnReceivedAsync(received.Incoming);
                break;
            case Sent sent when sent.Attempt == _attempt:
                _sending = false;
                if (sent.Problem is { } problem)
                    await DropAsync(problem);
                break;
            case SilenceDue:
                await DropAsync($"silent for {_settings.Options.SilenceTimeout.TotalSeconds:0} s");
                break;
            case CertificatesDue:
                Announce(_core.Reevaluate(Context.System.TimeProvider.GetUtcNow()), null);
                break;
            case Received or Sent:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override ValueTask AfterBatchAsync()
    {
        Pump();
        return default;
    }

    private void Announce(Model.Routing.RoutingDelta? delta, Readiness? readiness)
    {
        foreach (var subscriber in _subscribers)
        {
            if (delta is not null)
                subscriber.Tell(new RouteTableProtocol.Changed(delta), Self);
            if (readiness is not null)
                subscriber.Tell(new RouteTableProtocol.ReadinessChanged(readiness), Self);
        }

        if (_core.NextCertificateExpiry is not { } due)
            return;
        var wait = due - Context.System.TimeProvider.GetUtcNow();
        wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
        Context.Timers.StartSingle(CertificatesDue.Instance, wait < LongestTimer ? wait : LongestTimer, CertificatesDue.Instance);
    }

    private AgentView View() => new(
        _welcomed ? _addresses.Current : null, _core.Node, _problem, _core.Position, _core.Live,
        _core.RowsTaken, _core.RowsIgnored, _core.Readiness.IsComplete, _core.Memory)
    {
        HasDrains = _core.HasDrains,
    };

    private sealed record Connected(long Attempt, Outcome<IDuplex<AgentMessage, ControllerMessage>> Outcome);

    private sealed record Received(long Attempt, Incoming<ControllerMessage> Incoming);

    private sealed record Sent(long Attempt, string? Problem);

    private sealed record ConnectDue
    {
        public static readonly ConnectDue Instance = new();
    }

    private sealed record SilenceDue
    {
        public static readonly SilenceDue Instance = new();
    }

    private sealed record CertificatesDue
    {
        public static readonly CertificatesDue Instance = new();
    }
}
