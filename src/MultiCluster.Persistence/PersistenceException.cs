namespace MultiCluster.Persistence;

/// <summary>What kind of trouble a database has; decides who can do something about it.</summary>
public enum PersistenceFailure
{
    /// <summary>Down, slow, locked, read-only for now: trying again may help.</summary>
    Unavailable,

    /// <summary>No room: trying again helps after somebody has made some.</summary>
    Full,

    /// <summary>It won't take this very data, however often it is sent.</summary>
    Rejected,

    /// <summary>The database itself is damaged.</summary>
    Corrupt,

    /// <summary>Migrated by a newer version of MultiCluster.</summary>
    NewerSchema,
}

/// <summary>The database did not do what was asked, or did not say so in time: a write may or may not have happened, but never in part.</summary>
public sealed class PersistenceException(PersistenceFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    public PersistenceFailure Failure { get; } = failure;
}
