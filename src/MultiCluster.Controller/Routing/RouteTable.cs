using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Members;
using MultiCluster.Federation.Routing;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Routing;

/// <param name="Members">All that are configured.</param>
/// <param name="MemberTimeout">How long the first table waits for members that can't be read.</param>
public sealed record RouteTableSettings(ImmutableArray<MemberName> Members, TimeSpan MemberTimeout, ILogger Logger);

/// <summary>This node's replica of what all entities published, and the source of every proxy's deltas.</summary>
public sealed partial class RouteTable : Actor
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(20);

    private readonly RouteTableSettings _settings;
    private readonly RoutingTable _table = new();
    private readonly List<FragmentUpdate> _pending = [];
    private readonly HashSet<IActorRef> _subscribers = [];
    private readonly SortedSet<MemberName> _missing;
    private IActorRef? _region;
    private Readiness _readiness;

    public RouteTable(RouteTableSettings settings)
    {
        _settings = settings;
        _missing = [.. settings.Members];
        _readiness = new Readiness([.. _missing], GaveUpWaiting: false);
    }

    protected override ValueTask PreStartAsync()
    {
        if (!_readiness.IsComplete)
            Context.Timers.StartSingle(GiveUpWaiting.Instance, _settings.MemberTimeout, GiveUpWaiting.Instance);
        return default;
    }

    protected override ValueTask ReceiveAsync(object message)
    {
        switch (message)
        {
            case RouteTableProtocol.Publish publish:
                _pending.Add(publish.Update);
                break;
            case AttachRegion attach:
                _region = attach.Region;
                break;
            case MemberProtocol.MemberSynced synced:
                OnSynced(synced.Member);
                break;
            case RouteTableProtocol.Subscribe:
                ApplyPending();
                _subscribers.Add(Sender!);
                Sender!.Tell(new RouteTableProtocol.Snapshot(_table.Snapshot(), _readiness), Self);
                break;
            case GiveUpWaiting:
                OnGaveUp();
                break;
            case CertificatesDue:
                var now = Now;
                Announce(_table.Reevaluate(now), now);
                break;
            case EntityProtocol.NoSuchEntity:
                break;
            default:
                Answer(message);
                break;
        }

        return default;
    }

    protected override ValueTask AfterBatchAsync()
    {
        ApplyPending();
        return default;
    }

    private DateTimeOffset Now => Context.System.TimeProvider.GetUtcNow();

    private void Answer(object query)
    {
        ApplyPending();
        switch (query)
        {
            case RouteTableProtocol.GetRoutes:
                Context.Reply(new RouteTableProtocol.Routes(_table.Snapshot()));
                break;
            case RouteTableProtocol.GetIngressNames:
                var keys = _table.Rows.Where(static row => row.Entity.Kind == EntityKind.Ingress && row.Fragment is not null).Select(static row => row.Entity.Key);
                Context.Reply(new RouteTableProtocol.IngressNames([.. keys.Order()]));
                break;
            case RouteTableProtocol.GetReadiness:
                Context.Reply(_readiness);
                break;
            case RouteTableProtocol.GetConflicts conflicts:
                Context.Reply(new EntityProtocol.ConflictsChanged(_table.Conflicts(conflicts.Ingress)));
                break;
            case RouteTableProtocol.Explain explain:
                Context.Reply(_table.Explain(explain.Host, explain.Path));
                break;
            default:
                Unhandled(query);
                break;
        }
    }

    private void ApplyPending()
    {
        if (_pending.Count == 0)
            return;
        var now = Now;
        var change = _table.Apply(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_pending), now);
        _pending.Clear();
        Announce(change, now);
    }

    /// <param name="now">That of the change, and not a later one: what is due next is due after it.</param>
    private void Announce(TableChange change, DateTimeOffset now)
    {
        if (!change.Delta.IsEmpty)
        {
            var changed = new RouteTableProtocol.Changed(change.Delta);
            foreach (var subscriber in _subscribers)
                subscriber.Tell(changed, Self);
        }

        foreach (var conflict in change.Conflicts)
        {
            LogConflicts(_settings.Logger, conflict.Ingress, conflict.Conditions.Count);
            _region?.Tell(new EntityProtocol.ToRunning(EntityId.Ingress(conflict.Ingress), new EntityProtocol.ConflictsChanged(conflict.Conditions)), Self);
        }

        if (_table.NextCertificateExpiry is not { } due)
            return;
        var wait = due - now;
        Context.Timers.StartSingle(CertificatesDue.Instance, wait < LongestTimer ? wait : LongestTimer, CertificatesDue.Instance);
    }

    private void OnSynced(MemberName member)
    {
        ApplyPending();
        if (!_missing.Remove(member))
            return;
        SetReadiness(_readiness with { Missing = [.. _missing] });
        if (_missing.Count == 0)
            Context.Timers.Cancel(GiveUpWaiting.Instance);
    }

    private void OnGaveUp()
    {
        if (_readiness.IsComplete)
            return;
        LogGaveUp(_settings.Logger, string.Join(", ", _missing), _settings.MemberTimeout.TotalSeconds);
        SetReadiness(_readiness with { GaveUpWaiting = true });
    }

    private void SetReadiness(Readiness readiness)
    {
        _readiness = readiness;
        foreach (var subscriber in _subscribers)
            subscriber.Tell(new RouteTableProtocol.ReadinessChanged(readiness), Self);
    }

    /// <summary>Table and region know each other; the region comes second.</summary>
    public sealed record AttachRegion(IActorRef Region);

    private sealed record GiveUpWaiting
    {
        public static readonly GiveUpWaiting Instance = new();
    }

    private sealed record CertificatesDue
    {
        public static readonly CertificatesDue Instance = new();
    }
}
