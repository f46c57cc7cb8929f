using MultiCluster.EndToEnd.Tests.Support;

namespace MultiCluster.EndToEnd.Tests.Stability;

/// <summary>XT-52 (P8): a member that can't be read expires only where a ttl says so, and never the last.</summary>
public sealed class ExpiryTests(StabilityWorld stability) : StabilityTest(stability), IClassFixture<StabilityWorld>
{
    private static readonly Policy[] Expire = [new("staleness", "Expire"), new("stale-ttl", "1s")];

    [Fact]
    public async Task XT_52_an_expired_member_gets_nothing_of_who_says_so_and_all_of_the_others()
    {
        await AddAsync("xt52", Expire);
        await AddAsync("xt52-min", [.. Expire, new Policy("min-clusters", "2")]);
        await AddShopAsync("xt52-keep");
        await Gcp.Cluster.PauseAsync();
        try
        {
            await World.UntilMembersAsync("http://xt52.test/", "aws");
            await World.Product.UntilConditionAsync("xt52", "web", "gcp", "Stale", "Expired");
            await World.UntilMembersAsync("http://xt52-min.test/", "aws", "gcp");
            await World.UntilMembersAsync("http://xt52-keep.test/", "aws", "gcp");
        }
        finally
        {
            await Gcp.Cluster.ResumeAsync();
        }

        await World.UntilMembersAsync("http://xt52.test/", "aws", "gcp");
    }

    [Fact]
    public async Task XT_52_the_last_member_never_expires()
    {
        await AddAsync("xt52-last", Expire);
        await using var load = Load.Start(World.Product.Setting, "http://xt52-last.test/", "web", clients: 1);
        await Gcp.Cluster.PauseAsync();
        try
        {
            await World.UntilMembersAsync("http://xt52-last.test/", "aws");
            await Aws.Cluster.PauseAsync();
            // The last to become stale stays.
            await World.Product.UntilMemberAsync("aws", static view => view is { Stale: true, BehindSeconds: > 4 }, "stale for longer than any ttl");
            await World.UntilMembersAsync("http://xt52-last.test/", "aws");
            await load.MoreAsync(20);
        }
        finally
        {
            await Gcp.Cluster.ResumeAsync();
            await Aws.Cluster.ResumeAsync();
        }

        await World.UntilMembersAsync("http://xt52-last.test/", "aws", "gcp");
        await load.AssertNoneFailedAsync();
    }

    private async Task AddAsync(string ns, Policy[] policies)
    {
        await World.AddServiceAsync(ns, "web", ("aws", 1), ("gcp", 1));
        await World.ApplyToAllAsync(FederatedYaml.Ingress(ns, "web", $"{ns}.test", "web", policies));
        await World.UntilMembersAsync($"http://{ns}.test/", "aws", "gcp");
    }
}
