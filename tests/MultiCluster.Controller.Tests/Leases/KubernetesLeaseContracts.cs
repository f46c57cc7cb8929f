using MultiCluster.Persistence.Tests.Contract;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.Controller.Tests.Leases;

public sealed class FakeClusterLeaseTests : LeaseContract
{
    protected override async Task<ILeaseSite> CreateLeaseSiteAsync() => await LeaseSite.OnFakeAsync();
}

/// <summary>On the first cluster of <see cref="RealCluster.Variable"/>.</summary>
[NeedsRealCluster]
public sealed class RealClusterLeaseTests : LeaseContract
{
    protected override async Task<ILeaseSite> CreateLeaseSiteAsync() => await LeaseSite.OnRealAsync(RealCluster.KubeConfigs[0]);
}

public sealed class NeedsRealClusterAttribute : NeedsAttribute
{
    public override string? WhyMissing => RealCluster.KubeConfigs.Count == 0 ? $"{RealCluster.Variable} names no kubeconfig file" : null;
}
