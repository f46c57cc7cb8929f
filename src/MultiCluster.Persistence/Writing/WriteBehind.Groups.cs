using System.Collections.Immutable;
using MultiCluster.Persistence.Journal;
using MultiCluster.Persistence.Snapshots;

namespace MultiCluster.Persistence.Writing;

/// <content>
/// One group: taken under the lock, written without it, and its results applied under it. A group that the database refuses as a whole for its data is
/// written again entity by entity, so that one bad write costs no neighbour anything.
/// </content>
public sealed partial class WriteBehind
{
    /// <returns>False after a failure of the database.</returns>
    private async Task<bool> WriteEventsAsync()
    {
        List<(EntityQueue Entity, EventBatch Batch)> group;
        lock (_gate)
            group = TakeEvents();
        if (group.Count == 0)
            return true;
        ImmutableArray<AppendResult> results;
        try
        {
            results = await _journal.AppendAsync([.. group.Select(item => item.Batch)], _stopping.Token);
        }
        catch (Exception e) when (!_stopping.IsCancellationRequested)
        {
            lock (_gate)
                return EventsFailed(group, e);
        }
        lock (_gate)
        {
            Succeeded();
            foreach (var ((entity, batch), result) in group.Zip(results))
                Apply(entity, batch, result);
        }
        return true;
    }

    private async Task<bool> WriteSnapshotsAsync()
    {
        List<(EntityQueue Entity, PendingSnapshot Snapshot)> taken;
        lock (_gate)
            taken = TakeSnapshots();
        var group = Render(taken);
        if (group.Count == 0)
            return true;
        ImmutableArray<SnapshotResult> results;
        try
        {
            results = await _snapshots.SaveAsync([.. group.Select(item => item.Write)], _stopping.Token);
        }
        catch (Exception e) when (!_stopping.IsCancellationRequested)
        {
            lock (_gate)
                return SnapshotsFailed(group, e);
        }
        lock (_gate)
        {
            Succeeded();
            foreach (var ((entity, snapshot, _), result) in group.Zip(results))
                Apply(entity, snapshot, result);
        }
        return true;
    }

    private List<(EntityQueue Entity, EventBatch Batch)> TakeEvents()
    {
        var group = new List<(EntityQueue, EventBatch)>();
        var room = _options.GroupEvents;
        foreach (var entity in Candidates(_queue.NextWithEvents))
        {
            if (entity.TakeEvents(room) is not { } batch)
                continue;
            group.Add((entity, batch));
            room -= batch.Events.Length;
            if (room <= 0 || _alone > 0)
                break;
        }
        return group;
    }

    private List<(EntityQueue Entity, PendingSnapshot Snapshot)> TakeSnapshots()
    {
        var group = new List<(EntityQueue, PendingSnapshot)>();
        var oldestNotDue = _time.GetTimestamp() - After(0, _options.SnapshotDelay);
        // Those that are due, or all when somebody waits for a flush.
        if (_flushes.Count == 0 && !(_queue.OldestSnapshot <= oldestNotDue))
            return group;
        foreach (var entity in Candidates(_queue.NextWithSnapshot))
        {
            if (entity.TakeSnapshot() is not { } snapshot)
                continue;
            group.Add((entity, snapshot));
            if (group.Count == _options.GroupSnapshots || _alone > 0 || (_flushes.Count == 0 && !(_queue.OldestSnapshot <= oldestNotDue)))
                break;
        }
        return group;
    }

    /// <summary>First those that somebody waits for, then in order of arrival.</summary>
    private IEnumerable<EntityQueue> Candidates(Func<EntityQueue?> next)
    {
        var seen = new HashSet<EntityQueue>();
        if (_flushes.Count > 0)
        {
            foreach (var entity in _queue.Entities.Where(entity => _flushes.Exists(flush => flush.WaitsFor(entity))))
            {
                seen.Add(entity);
                yield return entity;
            }
        }
        while (next() is { } entity)
        {
            if (seen.Add(entity))
                yield return entity;
        }
    }

    /// <summary>Without the lock: this may take its time.</summary>
    private List<(EntityQueue Entity, PendingSnapshot Snapshot, SnapshotWrite Write)> Render(List<(EntityQueue Entity, PendingSnapshot Snapshot)> taken)
    {
        var rendered = new List<(EntityQueue, PendingSnapshot, SnapshotWrite)>(taken.Count);
        foreach (var (entity, snapshot) in taken)
        {
            try
            {
                var body = snapshot.Render?.Invoke();
                rendered.Add((entity, snapshot, new SnapshotWrite(entity.PersistenceId, entity.Epoch, snapshot.SequenceNumber, body)));
            }
            catch (Exception e)
            {
                LogRenderFailed(e, entity.PersistenceId, snapshot.SequenceNumber);
                lock (_gate)
                    _queue.Change(entity, queue => queue.DropSnapshot(snapshot));
            }
        }
        return rendered;
    }

    private void Apply(EntityQueue entity, EventBatch batch, AppendResult result)
    {
        if (entity.Detached)
            return;
        switch (result)
        {
            case AppendResult.Appended:
                _writtenEvents += batch.Events.Length;
                _queue.Change(entity, static queue => queue.EventsWritten());
                break;
            case AppendResult.Fenced fenced:
                Fence(entity, fenced.HighestEpoch);
                break;
            case AppendResult.OutOfSequence refused:
                LogOutOfSequence(batch.PersistenceId, batch.FirstSequenceNumber, refused.ExpectedSequenceNumber);
                Lose(entity, refused.ExpectedSequenceNumber - 1);
                break;
        }
    }

    private void Apply(EntityQueue entity, PendingSnapshot snapshot, SnapshotResult result)
    {
        if (entity.Detached)
            return;
        switch (result)
        {
            case SnapshotResult.Saved:
                _writtenSnapshots++;
                _queue.Change(entity, queue => queue.SnapshotWritten(snapshot));
                break;
            case SnapshotResult.Fenced fenced:
                Fence(entity, fenced.HighestEpoch);
                break;
            case SnapshotResult.Stale stale:
                LogStale(entity.PersistenceId, snapshot.SequenceNumber, stale.SequenceNumber);
                Lose(entity, stale.SequenceNumber);
                break;
        }
    }

    private void Fence(EntityQueue entity, long highestEpoch)
    {
        LogFenced(entity.PersistenceId, entity.Epoch, highestEpoch);
        _queue.Drop(entity, queue => queue.Fence(highestEpoch));
        _news.Add(() => _owner.Fenced(entity.PersistenceId, entity.Epoch, highestEpoch));
    }

    private void Lose(EntityQueue entity, long atLeast)
    {
        _queue.Drop(entity, queue => queue.Lose(atLeast));
        if (!entity.AwaitsSnapshot)
            return;
        var wanted = entity.WantedSequenceNumber;
        _news.Add(() => _owner.SnapshotWanted(entity.PersistenceId, entity.Epoch, wanted));
    }

    private bool EventsFailed(List<(EntityQueue Entity, EventBatch Batch)> group, Exception e)
    {
        foreach (var (entity, _) in group)
            _queue.Change(entity, static queue => queue.EventsNotWritten());
        if (!IsRejected(e, group.Count))
            return false;
        if (group is [var (single, batch)] && !single.Detached)
        {
            LogRejected(single.PersistenceId, e.Message);
            Lose(single, batch.LastSequenceNumber);
        }
        return true;
    }

    private bool SnapshotsFailed(List<(EntityQueue Entity, PendingSnapshot Snapshot, SnapshotWrite Write)> group, Exception e)
    {
        var rejected = IsRejected(e, group.Count);
        if (rejected && group is [var (single, snapshot, _)])
        {
            LogRejected(single.PersistenceId, e.Message);
            _queue.Change(single, queue => queue.DropSnapshot(snapshot));
            return true;
        }
        // Back into the line.
        foreach (var (entity, _, _) in group)
            _queue.Change(entity, static _ => { });
        return rejected;
    }

    /// <summary>If so, the group is taken apart; if not, the database is given time.</summary>
    private bool IsRejected(Exception e, int count)
    {
        if (e is not (PersistenceException { Failure: PersistenceFailure.Rejected } or ArgumentException))
        {
            Failed(e);
            return false;
        }
        _lastError = e.Message;
        _alone = count > 1 ? count : Math.Max(0, _alone - 1);
        return true;
    }
}
