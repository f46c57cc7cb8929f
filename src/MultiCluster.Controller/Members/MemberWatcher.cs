using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Controller.Entities;
using MultiCluster.Federation.Members;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Members;

/// <summary>Where a watcher reads, and whom it tells.</summary>
/// <param name="Problems">What the source itself has to complain about, such as files that can't be read.</param>
public sealed record MemberWatcherSettings(
    MemberName Member,
    IMemberSource Source,
    ClassOptions Classes,
    Func<IReadOnlyList<string>> Problems,
    IActorRef Region,
    IActorRef RouteTable,
    ILogger Logger);

/// <summary>Feeds one member's objects to the owners of the federated ones; each delivery is acknowledged.</summary>
[SuppressMessage("Design", "CA1001", Justification = "An actor's resources end in PostStopAsync.")]
public sealed partial class MemberWatcher : Actor
{
    private const int EventsInMailbox = 1024;

    private readonly MemberWatcherSettings _settings;
    private readonly MemberView _view;
    private readonly MemberCounts _counts = new();
    private DeliveryLedger _ledger = new(above: 0);
    private MailboxSink? _sink;
    private DateTimeOffset? _lastEvent;
    private bool _synced;
    private bool _catchingUp;
    private bool _sweeping;

    public MemberWatcher(MemberWatcherSettings settings)
    {
        _settings = settings;
        _view = new MemberView(settings.Member, settings.Classes);
    }

    protected override ValueTask PreStartAsync()
    {
        _sink = new MailboxSink(Self, EventsInMailbox);
        _ledger = new DeliveryLedger(above: Context.System.TimeProvider.GetTimestamp());
        _settings.Region.Tell(new EntityProtocol.RegisterWatcher(_settings.Member), Self);
        LogWatching(_settings.Logger, _settings.Member, _settings.Source.Description);
        Context.PipeToSelf(
            _settings.Source.RunAsync(_sink, Context.Stopping),
            static () => new SourceEnded(null),
            static failure => new SourceEnded(failure));
        return default;
    }

    /// <summary>
    /// What owners have of the incarnation before is better than a part of what this one reads, so they hear nothing until all
    /// has been read.
    /// </summary>
    protected override ValueTask PostRestartAsync(Exception cause)
    {
        _catchingUp = true;
        return PreStartAsync();
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
            case MemberProtocol.Delivered delivered:
                _ledger.Acknowledged(delivered.Entity, delivered.Sequence);
                ReportSynced();
                break;
            case MemberProtocol.Resend resend:
                if (!_catchingUp)
                    Deliver(_view.Find(resend.Entity) ?? Nothing(resend.Entity));
                break;
            case EntityProtocol.Entities entities:
                Sweep(entities);
                break;
            case MemberProtocol.GetStatus:
                Context.Reply(Status());
                break;
            case SourceEnded ended:
                // A source runs until it is told to stop; supervision starts a new watcher, which lists everything anew.
                throw new InvalidOperationException($"the source of member {_settings.Member} ended by itself", ended.Failure);
            default:
                Unhandled(message);
                break;
        }

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
            if (!_catchingUp)
                Deliver(change);
        }

        if (_catchingUp && _view.IsComplete)
            CatchUp();
        ReportSynced();
    }

    private void CatchUp()
    {
        _catchingUp = false;
        _sweeping = true;
        foreach (var change in _view.Snapshot())
            Deliver(change);
        _settings.Region.Tell(new EntityProtocol.GetEntities(), Self);
    }

    /// <summary>Owners may have copies that were deleted while nobody watched.</summary>
    private void Sweep(EntityProtocol.Entities entities)
    {
        _sweeping = false;
        foreach (var entity in entities.Ids)
        {
            if (_view.Find(entity) is null)
                Deliver(Nothing(entity));
        }

        ReportSynced();
    }

    private void Deliver(CopyChange change)
    {
        var (entity, copy) = change switch
        {
            CopyChange.IngressChanged ingress => (EntityId.Ingress(ingress.Ingress), (object?)ingress.Copy),
            CopyChange.ServiceChanged service => (EntityId.Backend(service.Service), service.Copy),
            _ => throw new InvalidOperationException($"no owner for {change.GetType().Name}"),
        };
        var observed = new EntityProtocol.Observed(_settings.Member, copy, _ledger.Sent(entity));
        _settings.Region.Tell(new EntityProtocol.ToEntity(entity, observed), Self);
    }

    private static CopyChange Nothing(EntityId entity) => entity.Kind == EntityKind.Ingress
        ? new CopyChange.IngressChanged(entity.Key, null)
        : new CopyChange.ServiceChanged(entity.Key, null);

    private void ReportSynced()
    {
        if (_synced || _sweeping || !_view.IsComplete || _ledger.Open > 0)
            return;
        _synced = true;
        LogSynced(_settings.Logger, _settings.Member, _counts.Ingresses, _counts.Services);
        _settings.RouteTable.Tell(new MemberProtocol.MemberSynced(_settings.Member), Self);
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

    private sealed record SourceEnded(Exception? Failure);
}
