using System.Collections.Immutable;

namespace MultiCluster.Persistence.Leases;

/// <summary>
/// Named records with compare-and-swap in a store that is consistent by itself (one SQL database, etcd through the Kubernetes
/// API). What the records mean, and every clock, is the caller's: the store compares versions, never times.
/// </summary>
public interface ILeaseStore
{
    /// <summary>All records as of one moment not before the call.</summary>
    /// <exception cref="LeaseStoreException">The store can't be read now.</exception>
    ValueTask<ImmutableArray<LeaseRecord>> ReadAllAsync(CancellationToken cancellationToken);

    /// <summary>Judges each write alone, in order; results are in the order of the writes.</summary>
    /// <exception cref="LeaseStoreException">The store can't be written now. Each write may or may not have happened.</exception>
    ValueTask<ImmutableArray<LeaseWriteResult>> WriteAsync(IReadOnlyList<LeaseWrite> writes, CancellationToken cancellationToken);
}
