using MultiCluster.EndToEnd.Tests.Support;

namespace MultiCluster.EndToEnd.Tests.Federation;

/// <summary>XT-23 and XT-25: when a priority has too little health, or a member too much to do.</summary>
public sealed class FailoverTests(FederatedWorlds worlds) : FederatedTest(worlds)
{
    private const int Pods = 10;

    [Fact]
    public async Task XT_23_a_priority_gives_away_what_it_lacks_below_the_threshold_and_all_when_it_is_gone()
    {
        var world = await WorldAsync();
        var aws = await world.AddMortalsAsync("aws", "xt23", "web", Pods);
        await world.AddServiceAsync("xt23", "web", ("gcp", 1));
        await ApplyAsync(world, "xt23", new Policy("cluster-priorities", "aws=0,gcp=1"), new Policy("failover-threshold", "70"));
        await world.UntilSharesAsync("http://xt23.test/", ("aws", 100));

        // 8 and 7 of 10: at or above the threshold, nothing flows over.
        await KillAsync(aws, 3);
        await UntilHealthyAsync(world, "xt23", "aws", 7);
        await world.UntilSharesAsync("http://xt23.test/", ("aws", 100));
        // Below it, in proportion: half the threshold, half the traffic.
        await KillAsync(aws, 5);
        await world.UntilSharesAsync("http://xt23.test/", ("aws", 100.0 * 5 / 7), ("gcp", 100.0 * 2 / 7));
        await KillAsync(aws, Pods);
        await world.UntilSharesAsync("http://xt23.test/", ("gcp", 100));
        // And back.
        foreach (var pod in aws)
            pod.Revive();
        await world.UntilSharesAsync("http://xt23.test/", ("aws", 100));
    }

    /// <summary>Kubernetes takes pods that are not ready out of a Service before HAProxy's checks could miss them: they count all the same.</summary>
    [Fact]
    public async Task XT_23_pods_that_are_not_ready_count_against_the_threshold()
    {
        const string url = "http://xt23e.test/";
        var world = await WorldAsync();
        var aws = world.Pods.New(Pods, "aws", "xt23e", "web");
        await world["aws"].ApplyAsync(Yaml.Join(Yaml.Service("xt23e", "web"), Yaml.Slice("xt23e", "web", world.Pods.Port, aws)));
        await world.AddServiceAsync("xt23e", "web", ("gcp", 1));
        await ApplyAsync(world, "xt23e", new Policy("cluster-priorities", "aws=0,gcp=1"), new Policy("failover-threshold", "70"));
        await world.UntilSharesAsync(url, ("aws", 100));

        // One after the other, as pods fail: those that are ready are in one slice, the others in another.
        foreach (var (ready, percent) in ((int, double)[])[(7, 100), (5, 71.43), (2, 28.57), (10, 100), (2, 28.57)])
        {
            await world["aws"].ApplyAsync(Yaml.Join(
                Yaml.Slice("xt23e", "web", world.Pods.Port, aws.Take(ready)), Yaml.Slice("xt23e", "web", world.Pods.Port, aws.Skip(ready), suffix: "failing", ready: false)));
            await UntilShareIsAsync(world, "xt23e", "aws", ready, percent);
        }

        // Shares are told as soon as they are wanted: HAProxy has them when one sample is as it should be.
        await world.UntilSharesAsync(url, ("aws", 100.0 * 2 / 7), ("gcp", 100.0 * 5 / 7));
        Assert.Empty((await world.Product.ProxyAsync()).ReloadsByReason);
    }

    [Fact]
    public async Task XT_23_weights_count_within_a_priority_and_a_dead_member_costs_its_equals_nothing()
    {
        var world = await WorldAsync();
        var aws = await world.AddMortalsAsync("aws", "xt23b", "web", 2);
        await world.AddServiceAsync("xt23b", "web", ("gcp", 2), ("az", 2));
        await ApplyAsync(
            world, "xt23b",
            new Policy("cluster-weights", "aws=80,gcp=20,az=1"),
            new Policy("cluster-priorities", "aws=0,gcp=0,az=1"),
            new Policy("failover-threshold", "50"));
        await world.UntilSharesAsync("http://xt23b.test/", ("aws", 80), ("gcp", 20));

        // gcp is half of the priority's endpoints: at the threshold, so that az gets nothing.
        await KillAsync(aws, 2);
        await world.UntilSharesAsync("http://xt23b.test/", ("gcp", 100));
    }

    [Fact]
    public async Task XT_23_a_member_that_comes_back_gets_nothing_before_the_failback_delay()
    {
        var delay = TimeSpan.FromSeconds(2);
        var world = await WorldAsync();
        var aws = await world.AddMortalsAsync("aws", "xt23c", "web", 1);
        await world.AddServiceAsync("xt23c", "web", ("gcp", 1));
        await ApplyAsync(world, "xt23c", new Policy("primary-cluster", "aws"), new Policy("failback-delay", "2s"));
        await world.UntilMembersAsync("http://xt23c.test/", "aws");
        await aws[0].KillAsync();
        await world.UntilMembersAsync("http://xt23c.test/", "gcp");
        await UntilHealthyAsync(world, "xt23c", "aws", 0);

        var revived = TimeProvider.System.GetTimestamp();
        aws[0].Revive();
        await world.Product.UntilAsync("http://xt23c.test/", static answer => answer.Echo?.Member == "aws", "aws");
        // The delay runs from when checks find it well, which is later than this.
        Assert.True(TimeProvider.System.GetElapsedTime(revived) >= delay, "aws was back before the delay was over");
        await world.UntilMembersAsync("http://xt23c.test/", "aws");
    }

    [Fact]
    public async Task XT_25_what_is_too_much_for_a_member_goes_to_the_next_and_back_when_the_load_drops()
    {
        var world = await WorldAsync();
        await world.AddServiceAsync("xt25", "web", ("aws", 1), ("gcp", 1));
        await ApplyAsync(world, "xt25", new Policy("cluster-priorities", "aws=0,gcp=1"), new Policy("max-connections-per-endpoint", "3"));
        await world.Product.UntilAsync("http://xt25.test/", static answer => answer.Echo?.Member == "aws", "aws");

        await using var held = new HeldSockets();
        for (var i = 0; i < 4; i++)
            Assert.Equal(i < 3 ? "aws" : "gcp", await held.OpenAsync(world.Product, "xt25.test"));
        await UntilInARowAsync("gcp");

        await held.FinishAsync();
        await UntilInARowAsync("aws");

        // One at a time: ten at once would be too much by themselves.
        async Task UntilInARowAsync(string member)
        {
            var inARow = 0;
            await Await.NothingMissingAsync(async () =>
            {
                var answer = await world.Product.Client.GetAsync("http://xt25.test/");
                inARow = answer.Echo?.Member == member ? inARow + 1 : 0;
                return inARow == 20 ? null : $"20 answers of {member} in a row; the last is {answer}";
            });
        }
    }

    private static async Task KillAsync(IReadOnlyList<PodGate> pods, int first)
    {
        foreach (var pod in pods.Take(first))
            await pod.KillAsync();
    }

    private static Task UntilHealthyAsync(FederatedWorld world, string ns, string member, int healthy) => Await.NothingMissingAsync(async () =>
    {
        var shares = (await world.Product.BackendsAsync($"{ns}/web")).SelectMany(static backend => backend.Shares).Where(share => share.Member == member).ToList();
        return shares.Count > 0 && shares.Sum(static share => share.Healthy) == healthy ? null : $"{healthy} healthy endpoints of {member}; there are {string.Join(", ", shares)}";
    });

    private static Task UntilShareIsAsync(FederatedWorld world, string ns, string member, int healthy, double percent) => Await.NothingMissingAsync(async () =>
    {
        var shares = (await world.Product.BackendsAsync($"{ns}/web")).SelectMany(static backend => backend.Shares).Where(share => share.Member == member).ToList();
        return shares is [{ Endpoints: Pods } share] && share.Healthy == healthy && Math.Abs(share.SharePercent - percent) < 0.1
            ? null
            : $"{healthy} of {Pods} healthy endpoints of {member} with {percent} % of requests; there are {string.Join(", ", shares)}";
    });

    private static Task ApplyAsync(FederatedWorld world, string ns, params Policy[] policies) =>
        world.ApplyToAllAsync(FederatedYaml.Ingress(ns, "web", $"{ns}.test", "web", policies));
}
