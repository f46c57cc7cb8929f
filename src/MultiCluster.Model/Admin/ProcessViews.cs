namespace MultiCluster.Model.Admin;

/// <summary>One actor of a process.</summary>
/// <param name="State">Starting, Running, Failed, Restarting, Stopping, Stopped or Quarantined.</param>
/// <param name="Mailbox">Messages waiting.</param>
/// <param name="Fault">Why it is quarantined, else null.</param>
/// <param name="Hidden">Actors below that were not asked for.</param>
public sealed record ActorView(
    string Path, string Name, string Type, string State, int Mailbox, int Restarts, string? Fault, int Hidden, IReadOnlyList<ActorView> Children);

/// <param name="Level">Least level that the process logs: lines below it exist nowhere.</param>
/// <param name="Capacity">Lines that the process keeps.</param>
public sealed record LogView(string Level, int Capacity, IReadOnlyList<LogLineView> Lines);

/// <param name="Number">Counts the lines of the process.</param>
/// <param name="Level">trace, debug, info, warn, error or critical.</param>
/// <param name="Error">The exception, of several lines; null without one.</param>
public sealed record LogLineView(
    long Number, DateTimeOffset Time, string Level, string Category, int Event, string Message, string? Error);

/// <summary>Lines, of any level, that were gone before a slow reader came to read them.</summary>
public sealed record LogGapView(long Dropped);
