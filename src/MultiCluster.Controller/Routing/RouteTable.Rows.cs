using System.Collections.Immutable;
using MultiCluster.Actors;
using MultiCluster.Cluster.Replication;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Sessions;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Routing;

/// <summary>
/// Rows that come from the replica, and those for the hub of remote proxies. They pass through here, and not from the replica beside it, so
/// that readiness, which is decided here, can't overtake the rows that it is about.
/// </summary>
public sealed partial class RouteTable
{
    /// <summary>Baselines only let tombstones go; nothing waits for them.</summary>
    private static readonly TimeSpan MarksInterval = TimeSpan.FromSeconds(1);

    private EquatableArray<FragmentVersion> _baselines = [];

    private void Take(ImmutableArray<TableEntry> entries)
    {
        foreach (var entry in entries)
        {
            // A record of a later version is no deletion: the row before stays.
            if (EntityKeys.Parse(entry.Key) is not { } entity || entry.Payload is not (null or EntityRecord))
                continue;
            settings.Metrics?.Took(entity, entry.Payload as EntityRecord);
            if (entity.Kind == EntityKind.Member)
                NoteMemory(new MemberName(entity.Key.Name), entry.Payload as EntityRecord.Member);
            _pending.Add(new FragmentUpdate(entity, new FragmentVersion(entry.Version.Epoch, entry.Version.Number), (entry.Payload as EntityRecord)?.Published));
        }
    }

    private void OnRowsWanted(IActorRef hub)
    {
        ApplyPending();
        if (settings.Audience.Hubs.Add(hub))
            Context.Watch(hub);
        if (!Context.Timers.IsActive(Due.Marks))
            Context.Timers.StartPeriodic(Due.Marks, MarksInterval, Due.Marks);
        hub.Tell(new SessionProtocol.RowsChanged([.. _table.Rows]), Self);
        if (_baselines.Count > 0)
            hub.Tell(new SessionProtocol.BaselinesChanged(_baselines), Self);
        hub.Tell(new RouteTableProtocol.ReadinessChanged(_readiness), Self);
    }

    private void TellRows()
    {
        if (settings.Audience.Hubs.Count == 0)
            return;
        var changed = new SessionProtocol.RowsChanged([.. _pending]);
        foreach (var hub in settings.Audience.Hubs)
            hub.Tell(changed, Self);
    }

    /// <summary>What the marks speak of has come before them, from the same replica.</summary>
    private void OnMarks(ImmutableArray<BucketMarks> marks)
    {
        ApplyPending();
        EquatableArray<FragmentVersion> baselines = new([.. marks.Select(static mark => new FragmentVersion(mark.Baseline.Epoch, mark.Baseline.Number))]);
        if (baselines == _baselines)
            return;
        _baselines = baselines;
        foreach (var hub in settings.Audience.Hubs)
            hub.Tell(new SessionProtocol.BaselinesChanged(baselines), Self);
    }
}
