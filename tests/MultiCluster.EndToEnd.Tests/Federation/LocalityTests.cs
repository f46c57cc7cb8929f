using MultiCluster.EndToEnd.Tests.Support;

namespace MultiCluster.EndToEnd.Tests.Federation;

/// <summary>XT-26: the proxy stands in zone eu-west-1a of eu-west-1.</summary>
public sealed class LocalityTests(FederatedWorlds worlds) : FederatedTest(worlds)
{
    [Fact]
    public async Task XT_26_the_zone_comes_first_then_the_region_then_the_rest_and_who_knows_where_last()
    {
        var world = await WorldAsync();
        await world.AddServiceAsync("xt26", "web", ("aws", 1), ("az", 3), ("gcp", 3), ("lab", 3));
        await world.ApplyToAllAsync(FederatedYaml.Ingress("xt26", "web", "xt26.test", "web", new Policy("traffic-distribution", "PreferSameZone")));
        foreach (var member in (string[])["aws", "az", "gcp", "lab"])
        {
            await world.UntilMembersAsync("http://xt26.test/", member);
            await world[member].ApplyAsync(Yaml.Slice("xt26", "web", world.Pods.Port, []));
        }

        await world.Product.UntilStatusAsync("http://xt26.test/", 503);
    }

    [Fact]
    public async Task XT_26_an_endpoint_has_the_zone_that_its_slice_says_before_that_of_its_member()
    {
        var world = await WorldAsync();
        await world.AddServiceAsync("xt26b", "web", ("gcp", 1));
        var (near, far) = (world.Pods.New("az", "xt26b", "web"), world.Pods.New("az", "xt26b", "web"));
        await world["az"].ApplyAsync(Yaml.Join(
            Yaml.Service("xt26b", "web"),
            FederatedYaml.Slice("xt26b", "web", world.Pods.Port, [near], "eu-west-1a", "near"),
            FederatedYaml.Slice("xt26b", "web", world.Pods.Port, [far], "eu-west-1c", "far")));
        await world.ApplyToAllAsync(FederatedYaml.Ingress("xt26b", "web", "xt26b.test", "web", new Policy("traffic-distribution", "PreferSameZone")));
        await world.Product.UntilPodsAsync("http://xt26b.test/", [near]);

        await world.ApplyToAllAsync(FederatedYaml.Ingress("xt26b", "web", "xt26b.test", "web", new Policy("traffic-distribution", "PreferSameRegion")));
        await world.Product.UntilPodsAsync("http://xt26b.test/", [near, far]);
    }
}
