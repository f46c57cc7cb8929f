using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Kubernetes.Client;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>A Service that takes requests while the one of their rule has no endpoint.</summary>
public sealed class DefaultBackendTests(ChoiceWorlds worlds) : ChoiceTest(worlds)
{
    private const string Key = "nginx.ingress.kubernetes.io/default-backend";

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task Requests_go_there_while_endpoints_are_gone_and_no_longer(HAProxyBinary binary)
    {
        var world = await WorldAsync(binary);
        await world.AddServiceAsync("spared", "main", ("aws", 1), ("gcp", 1));
        await world.AddServiceAsync("spared", "spare", ("aws", 1), ("gcp", 1));
        await world.ApplyToAllAsync(Ingress("spared", "main", 1, (Key, "spare"), (FederatedYaml.Prefix + "cluster-weights", "aws=100,gcp=10")));
        await UntilAsync(world, "spared", "main");
        await using var load = Load.Start(world.Product.Setting, "http://spared.test/", "", clients: 2);
        await world.ApplyToAllAsync(Yaml.Slice("spared", "main", world.Pods.Port, []));
        await UntilAsync(world, "spared", "spare");
        await world.AddServiceAsync("spared", "main", ("aws", 1), ("gcp", 1));
        await UntilAsync(world, "spared", "main");
        await load.AssertNoneFailedAsync();

        await world.ApplyToAllAsync(Yaml.Slice("spared", "main", world.Pods.Port, []));
        await UntilAsync(world, "spared", "spare");
        await world.ApplyToAllAsync(Ingress("spared", "main", 1));
        await UntilAsync(world, "spared", "503");
        await world.ApplyToAllAsync(Ingress("spared", "main", 1, (Key, "nowhere")));
        Assert.Contains("spared/nowhere", (await world.Product.UntilConditionAsync("spared", "main", "aws", "PartiallyInvalid", "ServiceNotFound")).Message, StringComparison.Ordinal);
        await world.AddServiceAsync("spared", "nowhere", ("aws", 1), ("gcp", 1));
        await UntilAsync(world, "spared", "nowhere");
    }
}
