namespace MultiCluster.Model.Admin;

/// <param name="Number">Of the decision, among those of its entity.</param>
/// <param name="Cause">What kind of cause, the object of which member in which resourceVersion, and a note.</param>
public sealed record HistoryEntryView(DateTimeOffset At, long Number, string What, string Cause);

/// <param name="Entries">The oldest first.</param>
/// <param name="LeftOut">So many older ones of those asked for.</param>
/// <param name="IsWhole">From its beginning; older events are deleted with time.</param>
public sealed record HistoryView(string Entity, IReadOnlyList<HistoryEntryView> Entries, int LeftOut, bool IsWhole);

/// <param name="Incomplete">Entities of which decisions are missing, so that they may have been otherwise.</param>
public sealed record PastRoutesView(DateTimeOffset At, IReadOnlyList<RouteView> Routes, IReadOnlyList<string> Incomplete);

/// <param name="Before">Null: it was not there.</param>
/// <param name="After">Null: it is not there any more.</param>
public sealed record PastDifferenceView(string Kind, string Name, string? Before, string? After);

public sealed record TableDiffView(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<PastDifferenceView> Differences, IReadOnlyList<string> Incomplete);
