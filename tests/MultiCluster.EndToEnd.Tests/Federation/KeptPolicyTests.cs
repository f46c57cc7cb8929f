using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Federation;

/// <summary>A policy that becomes wrong in part is no policy of the other part.</summary>
public sealed class KeptPolicyTests : IAsyncLifetime
{
    private FederatedWorld _world = null!;

    public async Task InitializeAsync() => _world = await FederatedWorld.StartAsync(
        HAProxyBinaries.Default, [await FederatedMember.StartAsync("aws"), await FederatedMember.StartAsync("gcp")], pods: 100);

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task While_a_weight_is_wrong_the_policy_before_it_counts_also_over_a_restart()
    {
        await _world.AddServiceAsync("kept", "web", ("aws", 3), ("gcp", 1));
        await ApplyAsync("aws=80,gcp=20");
        await _world.Product.UntilServiceAsync("http://kept.test/", "web");
        await UntilSharesAsync("aws 80, gcp 20");

        await ApplyAsync("aws=8O,gcp=20");
        var condition = await _world.Product.UntilConditionAsync("kept", "web", "aws", "PartiallyInvalid", "InvalidPolicy");
        Assert.Contains("8O", condition.Message, StringComparison.Ordinal);
        Assert.Contains("the policy before it counts", condition.Message, StringComparison.Ordinal);
        await UntilSharesAsync("aws 80, gcp 20");

        await _world.Product.StopControllerAsync();
        await _world.Product.StartControllerAsync();
        await _world.Product.UntilConditionAsync("kept", "web", "aws", "PartiallyInvalid", "InvalidPolicy");
        await UntilSharesAsync("aws 80, gcp 20");

        await ApplyAsync("aws=50,gcp=50");
        await UntilSharesAsync("aws 50, gcp 50");
        await _world.AssertUndisturbedAsync();
    }

    private Task ApplyAsync(string weights) =>
        _world.ApplyToAsync(FederatedYaml.Ingress("kept", "web", "kept.test", "web", new Policy("cluster-weights", weights)), "aws", "gcp");

    private Task UntilSharesAsync(string wanted) => Await.NothingMissingAsync(async () =>
    {
        var shares = (await _world.Product.BackendsAsync("kept/web")).SelectMany(static backend => backend.Shares);
        var told = string.Join(", ", shares.OrderBy(static share => share.Member, StringComparer.Ordinal).Select(static share => $"{share.Member} {share.SharePercent:0}"));
        return string.Equals(told, wanted, StringComparison.Ordinal) ? null : $"shares {wanted}; there are {told}";
    });
}
