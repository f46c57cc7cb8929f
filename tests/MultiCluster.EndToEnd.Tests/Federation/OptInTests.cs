using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Federation;

/// <summary>XT-11: where copies have to opt in, and where they may opt out.</summary>
public sealed class OptInTests(FederatedWorlds worlds) : FederatedTest(worlds)
{
    private static readonly Policy In = new("federate", "true");
    private static readonly Policy Out = new("federate", "false");

    [Fact]
    public async Task XT_11_an_Ingress_that_did_not_opt_in_is_never_merged_with_one_of_its_name_that_did()
    {
        FederatedMember[] members = [await FederatedMember.StartAsync("aws"), await FederatedMember.StartAsync("gcp")];
        await using var world = await FederatedWorld.StartAsync(HAProxyBinaries.Default, members, "federation.mode = annotated");
        await world.AddServiceAsync("xt11", "web", ("aws", 2), ("gcp", 2));
        await world["gcp"].ApplyAsync(FederatedYaml.Ingress("xt11", "web", "xt11.test", "web"));
        await world["aws"].ApplyAsync(FederatedYaml.Ingress("xt11", "web", "xt11.test", "web", In));

        await world.UntilMembersAsync("http://xt11.test/", "aws");
        Assert.False((await world.Product.UntilConditionAsync("xt11", "web", "gcp", "Accepted", "NotOptedIn")).Status);
        Assert.Equal(["aws"], Assert.Single((await world.Product.IngressAsync("xt11", "web"))!.Routes).Members);

        await world["gcp"].ApplyAsync(FederatedYaml.Ingress("xt11", "web", "xt11.test", "web", In));
        await world.UntilMembersAsync("http://xt11.test/", "aws", "gcp");
        await world["gcp"].ApplyAsync(FederatedYaml.Ingress("xt11", "web", "xt11.test", "web"));
        await world.UntilMembersAsync("http://xt11.test/", "aws");
        await world.AssertUndisturbedAsync();
    }

    [Fact]
    public async Task XT_11_an_Ingress_that_opts_out_is_not_merged_where_all_are()
    {
        var world = await WorldAsync();
        await world.AddServiceAsync("xt11", "web", ("aws", 1), ("gcp", 1));
        await world["aws"].ApplyAsync(FederatedYaml.Ingress("xt11", "web", "xt11.test", "web"));
        await world["gcp"].ApplyAsync(FederatedYaml.Ingress("xt11", "web", "xt11.test", "web", Out));

        await world.Product.UntilConditionAsync("xt11", "web", "gcp", "Accepted", "NotOptedIn");
        await world.UntilMembersAsync("http://xt11.test/", "aws");
    }
}
