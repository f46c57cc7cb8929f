using MultiCluster.EndToEnd.Tests.Support;

namespace MultiCluster.EndToEnd.Tests.Federation;

/// <summary>XT-07: which members a FederatedIngress is placed in.</summary>
public sealed class PlacementTests(FederatedWorlds worlds) : FederatedTest(worlds)
{
    private const string Url = "http://xt07.test/";

    [Fact]
    public async Task XT_07_by_names_by_selector_by_both_and_everywhere_changing_in_both_directions()
    {
        var world = await WorldAsync();
        await AddAsync(world);
        foreach (var (placement, members) in ((string, string[])[])
        [
            ("", ["aws", "az", "gcp", "lab"]),
            ("  placement: {clusterNames: [aws, gcp]}", ["aws", "gcp"]),
            ("  placement: {clusterNames: [gcp]}", ["gcp"]),
            ("  placement: {clusterNames: [gcp, lab, aws]}", ["aws", "gcp", "lab"]),
            ("  placement: {clusterSelector: {matchLabels: {tier: gold}}}", ["aws", "az"]),
            ("  placement: {clusterSelector: {matchLabels: {topology.kubernetes.io/region: europe-west4}}}", ["gcp"]),
            ("  placement: {clusterNames: [aws, gcp], clusterSelector: {matchLabels: {tier: gold}}}", ["aws"]),
            ("  placement: {}", ["aws", "az", "gcp", "lab"]),
        ])
        {
            await world["aws"].ApplyAsync(FederatedYaml.FederatedIngress("xt07", "web", "xt07.test", "web", placement));
            await world.UntilMembersAsync(Url, members);
        }
    }

    [Fact]
    public async Task XT_07_a_label_of_a_cluster_that_changes_moves_it_in_and_out()
    {
        var world = await WorldAsync();
        await AddAsync(world);
        await world["aws"].ApplyAsync(FederatedYaml.FederatedIngress(
            "xt07", "web", "xt07.test", "web", "  placement: {clusterSelector: {matchLabels: {tier: gold}}}"));
        await world.UntilMembersAsync(Url, "aws", "az");
        var gcp = world["gcp"];
        var before = gcp.Settings;
        await using var load = Load.Start(world.Product.Setting, Url, "web", clients: 1);
        try
        {
            gcp.Settings = before.Replace("silver", "gold", StringComparison.Ordinal);
            world.WriteConfiguration();
            await world.UntilMembersAsync(Url, "aws", "az", "gcp");
        }
        finally
        {
            gcp.Settings = before;
            world.WriteConfiguration();
        }

        await world.UntilMembersAsync(Url, "aws", "az");
        await load.AssertNoneFailedAsync();
    }

    /// <summary>A placement that selects nobody serves nothing, and says so; it is not "everywhere".</summary>
    [Fact]
    public async Task XT_07_a_selector_that_fits_nobody_serves_nothing_and_says_so()
    {
        var world = await WorldAsync();
        await AddAsync(world);
        await world["aws"].ApplyAsync(FederatedYaml.FederatedIngress("xt07", "web", "xt07.test", "web"));
        await world.UntilMembersAsync(Url, "aws", "az", "gcp", "lab");
        await world["aws"].ApplyAsync(FederatedYaml.FederatedIngress(
            "xt07", "web", "xt07.test", "web", "  placement: {clusterSelector: {matchLabels: {tier: lead}}}"));

        await world.Product.UntilAsync(Url, static answer => (int)answer.Status is 404 or 503, "nobody");
        var condition = await world.Product.UntilConditionAsync("xt07", "web", "aws", "Accepted", "NotPlaced");
        Assert.False(condition.Status);
        Assert.Contains("spec.placement", condition.Message, StringComparison.Ordinal);
    }

    private static async Task AddAsync(FederatedWorld world) =>
        await world.AddServiceAsync("xt07", "web", ("aws", 1), ("az", 1), ("gcp", 1), ("lab", 1));
}
