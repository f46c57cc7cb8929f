using System.Collections.Immutable;
using MultiCluster.Cluster.Replication;

namespace MultiCluster.Cluster.Sharding;

/// <summary>What a new owner starts from. Pure.</summary>
internal static class Recovery
{
    /// <summary>
    /// Per key the newer of the two: a write-behind journal may be behind the table, and a table that was just started behind the
    /// journal.
    /// </summary>
    /// <param name="journal">Null if it could not be read, or there is none.</param>
    /// <returns>Keys that exist, and those that table or journal hold although they have been deleted; with what the table holds for them.</returns>
    public static IEnumerable<Start> Newest(ImmutableArray<TableEntry> table, ImmutableArray<TableEntry>? journal)
    {
        var stored = journal?.ToDictionary(static entry => entry.Key, StringComparer.Ordinal);
        var held = table.ToDictionary(static entry => entry.Key, StringComparer.Ordinal);
        var newest = new SortedDictionary<string, TableEntry>(held, StringComparer.Ordinal);
        foreach (var entry in journal ?? [])
        {
            if (!newest.TryGetValue(entry.Key, out var known) || known.Version < entry.Version)
                newest[entry.Key] = entry;
        }
        foreach (var (key, entry) in newest)
        {
            var inTable = held.GetValueOrDefault(key);
            var inJournal = stored?.GetValueOrDefault(key);
            // The owner before may have died before it was written down; were it not written now, a recovery from the journal alone would revert it.
            var isStored = stored is null
                || (entry.IsTombstone ? inJournal is null or { IsTombstone: true } : inTable is not null && inTable.Version == inJournal?.Version);
            if (!entry.IsTombstone || inTable is { IsTombstone: false } || !isStored)
                yield return new Start(entry, inTable, isStored);
        }
    }

    /// <param name="IsStored">Table and journal agree.</param>
    public readonly record struct Start(TableEntry Entry, TableEntry? Held, bool IsStored);
}
