namespace MultiCluster.Persistence.Leases;

/// <param name="Key">Letters, digits, '-' and '.', so that it can name a Kubernetes object; at most 200 characters.</param>
/// <param name="Value">At most 4 KiB.</param>
/// <param name="Version">Of the store; changes with every write, compares only for equality.</param>
public sealed record LeaseRecord(string Key, string Value, string Version);

/// <param name="Value">Null deletes the record.</param>
/// <param name="ExpectedVersion">The version that must be there now; null when there must be no record.</param>
public sealed record LeaseWrite(string Key, string? Value, string? ExpectedVersion);

/// <summary>What became of one write.</summary>
public abstract record LeaseWriteResult
{
    private LeaseWriteResult()
    {
    }

    /// <param name="Version">Of the record now; null when it was deleted.</param>
    public sealed record Written(string? Version) : LeaseWriteResult;

    /// <param name="Current">What is there instead; null when there is no record.</param>
    public sealed record Conflict(LeaseRecord? Current) : LeaseWriteResult;
}
