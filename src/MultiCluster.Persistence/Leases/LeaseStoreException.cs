namespace MultiCluster.Persistence.Leases;

/// <summary>The store did not answer, or not in time; what was asked of it may or may not have happened.</summary>
public sealed class LeaseStoreException(string message, Exception? inner = null) : Exception(message, inner);
