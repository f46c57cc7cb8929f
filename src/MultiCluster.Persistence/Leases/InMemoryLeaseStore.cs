using System.Collections.Immutable;

namespace MultiCluster.Persistence.Leases;

/// <summary>For a single process, and for tests.</summary>
public sealed class InMemoryLeaseStore : ILeaseStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LeaseRecord> _records = new(StringComparer.Ordinal);
    private long _version;

    public ValueTask<ImmutableArray<LeaseRecord>> ReadAllAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
            return new([.. _records.Values.OrderBy(record => record.Key, StringComparer.Ordinal)]);
    }

    public ValueTask<ImmutableArray<LeaseWriteResult>> WriteAsync(IReadOnlyList<LeaseWrite> writes, CancellationToken cancellationToken)
    {
        LeaseRules.Check(writes);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
            return new([.. writes.Select(Write)]);
    }

    private LeaseWriteResult Write(LeaseWrite write)
    {
        var current = _records.GetValueOrDefault(write.Key);
        if (current?.Version != write.ExpectedVersion)
            return new LeaseWriteResult.Conflict(current);
        if (write.Value is null)
        {
            _records.Remove(write.Key);
            return new LeaseWriteResult.Written(null);
        }
        var version = (++_version).ToString();
        _records[write.Key] = new LeaseRecord(write.Key, write.Value, version);
        return new LeaseWriteResult.Written(version);
    }
}
