using MultiCluster.Persistence.Leases;

namespace MultiCluster.Persistence.Tests.Contract;

/// <summary>A lease store of one test.</summary>
public interface ILeaseSite : IAsyncDisposable
{
    /// <summary>As another process would open it.</summary>
    Task<ILeaseProcess> OpenAsync();
}

public interface ILeaseProcess : IAsyncDisposable
{
    ILeaseStore Leases { get; }
}
