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
    /// <returns>Keys that exist, and those that the table holds although they have been deleted; with what it holds for them.</returns>
    public static IEnumerable<(TableEntry Entry, TableEntry? Held)> Newest(ImmutableArray<TableEntry> table, ImmutableArray<TableEntry> journal)
    {
        var held = table.ToDictionary(static entry => entry.Key, StringComparer.Ordinal);
        var newest = new SortedDictionary<string, TableEntry>(held, StringComparer.Ordinal);
        foreach (var entry in journal)
        {
            if (!newest.TryGetValue(entry.Key, out var known) || known.Version < entry.Version)
                newest[entry.Key] = entry;
        }
        foreach (var (key, entry) in newest)
        {
            var inTable = held.GetValueOrDefault(key);
            if (!entry.IsTombstone || inTable is { IsTombstone: false })
                yield return (entry, inTable);
        }
    }
}
