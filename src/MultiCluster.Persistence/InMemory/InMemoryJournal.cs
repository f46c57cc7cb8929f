using System.Collections.Immutable;
using MultiCluster.Persistence.Heads;
using MultiCluster.Persistence.Journal;

namespace MultiCluster.Persistence.InMemory;

internal sealed class InMemoryJournal(InMemoryTables tables) : IJournal
{
    public ValueTask<ImmutableArray<AppendResult>> AppendAsync(IReadOnlyList<EventBatch> batches, CancellationToken cancellationToken)
    {
        EventBatch.Check(batches);
        cancellationToken.ThrowIfCancellationRequested();
        lock (tables.Gate)
            return new([.. batches.Select(Append)]);
    }

    public IAsyncEnumerable<JournalEvent> ReadAsync(string persistenceId, long fromSequenceNumber, CancellationToken cancellationToken) =>
        SelectAsync(() => tables.EventsOf(persistenceId).Values.Where(stored => stored.SequenceNumber >= fromSequenceNumber));

    public ValueTask<EventPage> ReadAllAsync(long afterPosition, int limit, CancellationToken cancellationToken)
    {
        lock (tables.Gate)
        {
            return new(afterPosition > tables.LastPosition
                ? new EventPage([], 0, WentBack: true)
                : EventPage.Of([.. tables.Journal.Values.SkipWhile(stored => stored.Position <= afterPosition).Take(limit)], afterPosition));
        }
    }

    public IAsyncEnumerable<JournalEvent> ReadHistoryAsync(HistoryQuery query, CancellationToken cancellationToken) =>
        SelectAsync(() => tables.Journal.Values
            .Where(stored => stored.At >= query.From && stored.At < query.Until && query.Ids.Contains(stored.PersistenceId))
            .OrderBy(stored => stored.At));

    public ValueTask<FenceResult> FenceAsync(IdRange ids, long epoch, CancellationToken cancellationToken)
    {
        lock (tables.Gate)
        {
            var inRange = tables.Heads.Where(head => ids.Contains(head.Key)).ToList();
            var lower = inRange.Where(head => head.Value.Epoch < epoch).ToList();
            foreach (var (id, head) in lower)
                tables.Heads[id] = head with { Epoch = epoch, EpochSequenceNumber = head.SequenceNumber };
            return new(new FenceResult(lower.Count, inRange.Select(head => head.Value.Epoch).Append(epoch).Max()));
        }
    }

    public ValueTask<long> ReadHighestEpochAsync(CancellationToken cancellationToken)
    {
        lock (tables.Gate)
            return new(tables.Heads.Values.Select(head => head.Epoch).DefaultIfEmpty().Max());
    }

    public ValueTask<int> CompactAsync(DateTimeOffset historyStart, int limit, CancellationToken cancellationToken)
    {
        lock (tables.Gate)
        {
            var old = tables.Journal.Values.Where(stored => IsNotNeeded(stored, historyStart)).Take(limit).ToList();
            foreach (var stored in old)
                tables.Delete(stored);
            return new(old.Count);
        }
    }

    private bool IsNotNeeded(JournalEvent stored, DateTimeOffset historyStart)
    {
        var head = tables.Heads[stored.PersistenceId];
        return stored.At < historyStart
            && stored.SequenceNumber <= head.CoveredSequenceNumber
            && (head.Snapshots == 0 || tables.EventsOf(stored.PersistenceId).Values.Any(later => later.SequenceNumber > stored.SequenceNumber && later.At < historyStart));
    }

    private AppendResult Append(EventBatch batch)
    {
        var head = tables.Heads.GetValueOrDefault(batch.PersistenceId);
        var result = head.Judge(batch);
        var present = 0;
        if (result is null)
        {
            JournalEvent[] stored = [.. tables.EventsOf(batch.PersistenceId).Values
                .Where(stored => stored.SequenceNumber >= batch.FirstSequenceNumber && stored.SequenceNumber <= batch.LastSequenceNumber)];
            if (AppendOverlap.Compare(head, batch, stored) is not { } overlap)
                return new AppendResult.OutOfSequence(head.SequenceNumber + 1);
            present = overlap;
            result = new AppendResult.Appended(Math.Max(batch.LastSequenceNumber, head.SequenceNumber));
        }
        if (result is not AppendResult.Appended)
            return result;
        for (var i = present; i < batch.Events.Length; i++)
            Insert(batch, i);
        tables.Heads[batch.PersistenceId] = head.After(batch);
        return result;
    }

    private void Insert(EventBatch batch, int index)
    {
        var data = batch.Events[index];
        tables.Insert(new JournalEvent(
            ++tables.LastPosition, batch.PersistenceId, batch.FirstSequenceNumber + index, batch.Epoch,
            UnixMicroseconds.Truncate(data.At), data.Type, data.SchemaVersion, data.Payload));
    }

#pragma warning disable CS1998 // an enumeration that is ready at once
    private async IAsyncEnumerable<JournalEvent> SelectAsync(Func<IEnumerable<JournalEvent>> select)
#pragma warning restore CS1998
    {
        List<JournalEvent> events;
        lock (tables.Gate)
            events = [.. select()];
        foreach (var stored in events)
            yield return stored;
    }
}
