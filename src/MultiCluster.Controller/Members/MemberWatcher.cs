using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Cluster.Delivery;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Records;
using MultiCluster.Federation.Members;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Members;

/// <summary>Where a watcher reads.</summary>
/// <param name="Problems">What the source itself has to complain about, such as files that can't be read.</param>
/// <param name="Timeout">After it a member that was not read yet counts as unreachable: owners go on with what is known of it.</param>
public sealed record MemberWatcherSettings(
    MemberName Member,
    IMemberSource Source,
    ClassOptions Classes,
    Func<IReadOnlyList<string>> Problems,
    TimeSpan Timeout,
    IActorRef RouteTable,
    ILogger Logger);

/// <summary>Feeds one member's objects to the owners of the federated ones, wherever these live; runs where its shard does.</summary>
[SuppressMessage("Design", "CA1001", Justification = "An actor's resources end in PostStopAsync.")]
public sealed partial class MemberWatcher : Actor
{
    private const int EventsInMailbox = 1024;
    private static readonly TimeSpan OverdueInterval = TimeSpan.FromMilliseconds(250);

    private readonly MemberWatcherSettings _settings;
    private readonly EntityStart _start;
    private readonly MemberView _view;
    private readonly MemberCounts _counts = new();
    private readonly DeliverySource _delivery;
    private MailboxSink? _sink;
    private DateTimeOffset? _lastEvent;
    private long _began;
    private bool _synced;

    public MemberWatcher(MemberWatcherSettings settings, EntityStart start)
    {
        _settings = settings;
        _start = start;
        _view = new MemberView(settings.Member, settings.Classes);
        _delivery = new DeliverySource(start.Key, new SourceGeneration(start.Epoch, start.Start), start.Shards);
    }

    private TimeSpan Now => Context.System.TimeProvider.GetElapsedTime(_began);

    protected override ValueTask PreStartAsync()
    {
        _began = Context.System.TimeProvider.GetTimestamp();
        _sink = new MailboxSink(Self, EventsInMailbox);
        LogWatching(_settings.Logger, _settings.Member, _settings.Source.Description);
        Context.Timers.StartPeriodic(Tick.Overdue, OverdueInterval, Tick.Overdue);
        Context.Timers.StartSingle(Tick.GiveUp, _settings.Timeout, Tick.GiveUp);
        Context.PipeToSelf(
            _settings.Source.RunAsync(_sink, Context.Stopping),
            static () => new SourceEnded(null),
            static failure => new SourceEnded(failure));
        return default;
    }

    /// <summary>A new life needs a new generation, which the shard gives to whom it starts.</summary>
    protected override ValueTask PostRestartAsync(Exception cause)
    {
        Context.Stop(Self);
        return default;
    }

    protected override ValueTask PostStopAsync()
    {
        _sink?.Dispose();
        return default;
    }

    protected override ValueTask ReceiveAsync(object message)
    {
        switch (message)
        {
            case MemberProtocol.Received received:
                // Not from the source of an incarnation before, which may still be ending.
                if (received.Through != _sink)
                    break;
                _sink.Taken();
                OnEvent(received.Event);
                break;
            case DeliveryProtocol.FromShard delivery:
                _delivery.Receive(delivery, Now);
                break;
            case Tick.Overdue:
                Send(_delivery.TakeOverdue(Now));
                break;
            case Tick.GiveUp:
                GiveUp();
                break;
            case MemberProtocol.GetStatus:
                Context.Reply(Status());
                break;
            case SourceEnded ended:
                // A source runs until it is told to stop; a new watcher lists everything anew.
                throw new InvalidOperationException($"the source of member {_settings.Member} ended by itself", ended.Failure);
            case ShardingProtocol.MayStop:
                Context.Parent!.Tell(new ShardingProtocol.Stay(_start.Key), Self);
                break;
            default:
                Unhandled(message);
                break;
        }

        return default;
    }

    protected override ValueTask AfterBatchAsync()
    {
        Send(_delivery.Take(Now));
        if (_synced || !_delivery.IsSettled)
            return default;
        _synced = true;
        _settings.RouteTable.Tell(new MemberProtocol.MemberSynced(_settings.Member), Self);
        LogSynced(_settings.Logger, _settings.Member, _counts.Ingresses, _counts.Services);
        return default;
    }

    private void OnEvent(MemberEvent memberEvent)
    {
        _lastEvent = Context.System.TimeProvider.GetUtcNow();
        if (memberEvent is MemberEvent.Disconnected lost)
            LogDisconnected(_settings.Logger, _settings.Member, lost.Kind, lost.Reason);
        foreach (var change in _view.Apply(memberEvent))
        {
            _counts.Note(change);
            if (_delivery.IsComplete || (_delivery.IsUnreachable && _view.Knows(change)))
                Observe(change);
        }

        if (_view.IsComplete && !_delivery.IsComplete)
        {
            DeliverAll();
            _delivery.MarkComplete();
        }
        else if (_delivery.IsUnreachable && memberEvent is MemberEvent.Listed)
        {
            DeliverAll();
        }
    }

    /// <summary>
    /// What owners have of a watcher before is better than a part of what this one reads (an Ingress whose class is still unknown is
    /// not ours), so they hear nothing until all has been read. A member of which some kind can't be read for long goes on with copies that
    /// need none of it.
    /// </summary>
    private void DeliverAll()
    {
        foreach (var change in _view.Snapshot())
        {
            if (_view.Knows(change))
                Observe(change);
        }
    }

    private void Observe(CopyChange change)
    {
        var (entity, copy) = change switch
        {
            CopyChange.IngressChanged ingress => (EntityId.Ingress(ingress.Ingress), (object?)ingress.Copy),
            CopyChange.ServiceChanged service => (EntityId.Backend(service.Service), service.Copy),
            _ => throw new InvalidOperationException($"no owner for {change.GetType().Name}"),
        };
        _delivery.Observe(EntityKeys.Of(entity), copy);
    }

    private void GiveUp()
    {
        if (_view.IsComplete)
            return;
        LogGaveUp(_settings.Logger, _settings.Member, _settings.Timeout.TotalSeconds);
        DeliverAll();
        _delivery.MarkUnreachable();
    }

    private void Send(IReadOnlyList<ShardingProtocol.ToShard> messages)
    {
        foreach (var message in messages)
            _start.Region.Tell(message, Self);
    }

    private MemberProtocol.MemberStatus Status() => new(
        _settings.Member,
        _settings.Source.Description,
        _view.IsComplete,
        _view.Staleness,
        _settings.Problems(),
        _counts.Ingresses,
        _counts.Services,
        _counts.Endpoints,
        _lastEvent);

    private enum Tick
    {
        Overdue,
        GiveUp,
    }

    private sealed record SourceEnded(Exception? Failure);
}
