using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Cluster.Delivery;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Records;
using MultiCluster.Federation.Members;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Members;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Members;

/// <summary>Feeds one member's objects to the owners of the federated ones, wherever these live; runs where its shard does.</summary>
[SuppressMessage("Design", "CA1001", Justification = "An actor's resources end in PostStopAsync.")]
public sealed partial class MemberWatcher : Actor
{
    private const int EventsInMailbox = 1024;
    private static readonly TimeSpan LongLife = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan OverdueInterval = TimeSpan.FromMilliseconds(250);

    private readonly MemberWatcherSettings _settings;
    private readonly EntityStart _start;
    private readonly StalenessWatch _staleness;
    private readonly string _wordKey;
    private readonly MemberView _view;
    private readonly MemberCounts _counts = new();
    private readonly DeliverySource _delivery;
    private MailboxSink? _sink;
    private DateTimeOffset? _lastEvent;
    private long _began;
    private bool _synced;
    private MemberRegistration _member;
    private MemberWord? _word;

    public MemberWatcher(MemberRegistration member, MemberWatcherSettings settings, EntityStart start)
    {
        _member = member;
        _settings = settings;
        _start = start;
        _staleness = new StalenessWatch(settings.Times.StaleAfter, settings.Times.FreshAfter);
        _wordKey = EntityKeys.Of(EntityId.Member(member.Name));
        _view = new MemberView(member.Name, settings.Classes, member.View);
        _memory = new MemberMemory(member.View.HoldsShrinks);
        _delivery = new DeliverySource(start.Key, new SourceGeneration(start.Epoch, start.Start), start.Shards);
    }

    private TimeSpan Now => Context.System.TimeProvider.GetElapsedTime(_began);

    protected override ValueTask PreStartAsync()
    {
        _began = Context.System.TimeProvider.GetTimestamp();
        _sink = new MailboxSink(Self, EventsInMailbox);
        LogWatching(_settings.Logger, _member.Name, _member.Source.Description);
        Ask();
        Context.Timers.StartPeriodic(Tick.Overdue, OverdueInterval, Tick.Overdue);
        Context.Timers.StartSingle(Tick.GiveUp, _settings.Timeout, Tick.GiveUp);
        Context.PipeToSelf(
            _member.Source.RunAsync(_sink, Context.Stopping),
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
        Release();
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
                Ask();
                LookAgain();
                SayWord();
                Report();
                Send(_delivery.TakeOverdue(Now));
                break;
            case MemberProtocol.Traits traits:
                OnAnswer(traits);
                break;
            case MemberProtocol.RegistrationChanged:
                OnRegistration();
                break;
            case MemberProtocol.Approve:
                Approve();
                break;
            case Tick.GiveUp:
                GiveUp();
                break;
            case MemberProtocol.GetStatus:
                Context.Reply(Status());
                break;
            case SourceEnded ended:
                OnSourceEnded(ended);
                break;
            case StartOver over:
                // A new watcher lists everything anew.
                throw new InvalidOperationException($"the source of member {_member.Name} ended by itself", over.Failure);
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
        _settings.RouteTable.Tell(new MemberProtocol.MemberSynced(_member.Name), Self);
        LogSynced(_settings.Logger, _member.Name, _counts.Ingresses, _counts.Services);
        return default;
    }

    private void Send(IReadOnlyList<ShardingProtocol.ToShard> messages)
    {
        foreach (var message in messages)
            _start.Region.Tell(message, Self);
    }

    /// <summary>A source runs until it is told to stop. What fails as soon as it begins is not begun again at once; what is known stays.</summary>
    private void OnSourceEnded(SourceEnded ended)
    {
        LogSourceEnded(_settings.Logger, ended.Failure, _member.Name);
        Context.Timers.StartSingle(Tick.StartOver, Now >= LongLife ? TimeSpan.Zero : PauseAfterFailure, new StartOver(ended.Failure));
    }

    private MemberProtocol.MemberStatus Status() => new(
        _member.Name,
        _member.Source.Description,
        _view.IsComplete,
        _view.Staleness,
        _member.Problems(),
        _counts.Ingresses,
        _counts.Services,
        _counts.Endpoints,
        _lastEvent)
    {
        Behind = _staleness.Behind(Now),
        Held = [.. Held()],
        CredentialProblem = _member.CredentialProblem?.Invoke(),
    };

    private enum Tick
    {
        Overdue,
        GiveUp,
        StartOver,
    }

    private sealed record SourceEnded(Exception? Failure);

    private sealed record StartOver(Exception? Failure);
}
