namespace MultiCluster.Persistence.Sqlite;

/// <param name="Path">Of the database file, on a local disk; its folder exists.</param>
public sealed record SqliteOptions(string Path)
{
    /// <summary>How long one command waits for the lock that another process holds. A caller waits at most twice as long, whatever hangs.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The same for leases, which are worth nothing when they come late.</summary>
    public TimeSpan LeaseTimeout { get; init; } = TimeSpan.FromSeconds(2);
}
