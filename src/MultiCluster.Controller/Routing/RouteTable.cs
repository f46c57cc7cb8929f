using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Cluster.Replication;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Metrics;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Sessions;
using MultiCluster.Federation.Routing;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Routing;

/// <param name="Members">All that are configured.</param>
/// <param name="Timeout">How long the first table waits for what can't be known yet.</param>
/// <param name="Replica">This node's replica of the replicated table.</param>
public sealed record RouteTableSettings(ImmutableArray<MemberName> Members, TimeSpan Timeout, Task<IActorRef> Replica, ILogger Logger)
{
    public Audience Audience { get; } = new();

    /// <summary>Null where nobody reads any.</summary>
    public ControllerMetrics? Metrics { get; init; }

    /// <summary>Called when the first table may be served, and after a restart again.</summary>
    public Action Ready { get; init; } = static () => { };
}

/// <summary>
/// Arbitrates over this node's replica of what all entities published, and is the source of every proxy's deltas. All nodes come to the
/// same results, since arbitration depends on nothing but the replica.
/// </summary>
public sealed partial class RouteTable(RouteTableSettings settings) : Actor
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(20);

    private readonly RoutingTable _table = new();
    private readonly List<FragmentUpdate> _pending = [];
    private readonly SortedSet<MemberName> _missing = [.. settings.Members];
    private IActorRef? _replica;
    private bool _restarted;
    private Readiness _readiness = new(settings.Members, GaveUpWaiting: false);

    protected override ValueTask PreStartAsync()
    {
        Context.PipeToSelf(settings.Replica, static replica => new Started(replica), static failure => throw failure);
        Context.Timers.StartSingle(Due.GiveUpWaiting, settings.Timeout, Due.GiveUpWaiting);
        return default;
    }

    protected override ValueTask ReceiveAsync(object message)
    {
        switch (message)
        {
            case Started started:
                _replica = started.Replica;
                _replica.Tell(new TableProtocol.Subscribe(), Self);
                Context.UnstashAll();
                break;
            case TableProtocol.Snapshot snapshot:
                OnReplica(snapshot);
                break;
            case TableProtocol.Changed changed:
                Take(changed.Entries);
                break;
            case TableProtocol.Ready:
                OnCompleteness(ready: true, whole: false);
                break;
            case TableProtocol.Whole:
                OnCompleteness(ready: true, whole: true);
                break;
            case MemberProtocol.MemberSynced when _replica is null:
                Context.Stash();
                break;
            case MemberProtocol.MemberSynced synced:
                // Owners elsewhere told the watcher on another way than their rows take.
                _replica.Tell(new TableProtocol.Echo(new SyncedHere(synced.Member)), Self);
                break;
            case SyncedHere(var member):
                OnSynced(member);
                break;
            case MemberProtocol.MembersFound found:
                OnFound(found.Members);
                break;
            case RouteTableProtocol.WatchMembers:
                OnWatchMembers(Sender!);
                break;
            case RouteTableProtocol.Subscribe:
                ApplyPending();
                settings.Audience.Subscribers.Add(Sender!);
                Context.Watch(Sender!);
                Sender!.Tell(new RouteTableProtocol.Snapshot(_table.Snapshot(), _readiness), Self);
                break;
            case RouteTableProtocol.WatchConflicts(var ingress):
                ApplyPending();
                settings.Audience.Add(ingress, Sender!);
                Context.Watch(Sender!);
                Sender!.Tell(new EntityProtocol.ConflictsChanged(_table.Conflicts(ingress)), Self);
                Sender!.Tell(new EntityProtocol.MembersChanged(Traits()), Self);
                break;
            case SessionProtocol.GetRows:
                OnRowsWanted(Sender!);
                break;
            case TableProtocol.Status status:
                OnMarks(status.Buckets);
                break;
            case Terminated terminated:
                settings.Audience.Remove(terminated.Actor);
                break;
            case Due due:
                OnDue(due);
                break;
            default:
                Answer(message);
                break;
        }

        return default;
    }

    protected override ValueTask PostRestartAsync(Exception cause)
    {
        _restarted = true;
        foreach (var listener in settings.Audience.Subscribers.Concat(settings.Audience.Hubs).Concat(settings.Audience.MemberWatchers).Concat(settings.Audience.Owners.Values))
            Context.Watch(listener);
        return PreStartAsync();
    }

    protected override ValueTask AfterBatchAsync()
    {
        ApplyPending();
        return default;
    }

    private DateTimeOffset Now => Context.System.TimeProvider.GetUtcNow();

    private void OnDue(Due due)
    {
        switch (due)
        {
            case Due.Marks:
                _replica?.Tell(new TableProtocol.GetStatus(), Self);
                break;
            case Due.Certificates:
                var now = Now;
                Announce(_table.Reevaluate(now), now);
                break;
            case Due.Fresh:
                TakeFresh();
                break;
            case Due.GiveUpWaiting when !_readiness.MayStart:
                GiveUpUnlessMoreComes();
                break;
        }
    }

    private void ApplyPending()
    {
        if (_pending.Count == 0)
            return;
        NoteNews();
        var now = Now;
        var change = _table.Apply(CollectionsMarshal.AsSpan(_pending), now);
        TellRows();
        _pending.Clear();
        Announce(change, now);
        if (_memoryChanged)
            SetReadiness(_readiness);
    }

    /// <param name="now">That of the change, and not a later one: what is due next is due after it.</param>
    private void Announce(TableChange change, DateTimeOffset now)
    {
        settings.Metrics?.Changed(change);
        if (!change.Delta.IsEmpty)
        {
            var changed = new RouteTableProtocol.Changed(change.Delta);
            foreach (var subscriber in settings.Audience.Subscribers)
                subscriber.Tell(changed, Self);
        }

        if (!change.Delta.Members.IsEmpty)
        {
            TellMembers();
            LookForMissing();
        }

        foreach (var conflict in change.Conflicts)
        {
            if (!settings.Audience.Owners.TryGetValue(conflict.Ingress, out var owner))
                continue;
            LogConflicts(settings.Logger, conflict.Ingress, conflict.Conditions.Count);
            owner.Tell(new EntityProtocol.ConflictsChanged(conflict.Conditions), Self);
        }

        if (_table.NextCertificateExpiry is not { } due)
            return;
        var wait = due - now;
        Context.Timers.StartSingle(Due.Certificates, wait < LongestTimer ? wait : LongestTimer, Due.Certificates);
    }

    /// <summary>After a failure this is the first that subscribers hear of the new incarnation.</summary>
    private void OnReplica(TableProtocol.Snapshot snapshot)
    {
        Take(snapshot.Live);
        ApplyPending();
        OnCompleteness(snapshot.IsReady, snapshot.IsWhole);
        if (!_restarted)
            return;
        foreach (var subscriber in settings.Audience.Subscribers)
            subscriber.Tell(new RouteTableProtocol.Snapshot(_table.Snapshot(), _readiness), Self);
        foreach (var hub in settings.Audience.Hubs)
            OnRowsWanted(hub);
        foreach (var (ingress, owner) in settings.Audience.Owners)
            owner.Tell(new EntityProtocol.ConflictsChanged(_table.Conflicts(ingress)), Self);
        TellMembers();
    }

    private sealed record Started(IActorRef Replica);

    /// <summary>What the member's owners had published when the watcher heard that all is settled has come out of the replica.</summary>
    private sealed record SyncedHere(MemberName Member);
}
