using System.Diagnostics;
using MultiCluster.HAProxy.Policies;
using MultiCluster.HAProxy.Runtime.Tests.Support;
using HAProxyBinary = MultiCluster.TestKit.HAProxyVersions.HAProxyBinary;

namespace MultiCluster.HAProxy.Runtime.Tests.Policies;

/// <summary>Every policy in every version, once found in the files that HAProxy starts from and once given to it by commands.</summary>
[Collection(nameof(PolicyWorlds))]
public sealed class PolicyTests(PolicyWorlds worlds)
{
    [Theory, MemberData(nameof(PolicyWorlds.AllPolicies), MemberType = typeof(PolicyWorlds))]
    public async Task A_policy_does_what_it_says(HAProxyBinary binary, bool atRunTime, string policy)
    {
        var world = await worlds.OfAsync(binary, atRunTime);
        foreach (var row in PolicyTable.Rows[policy])
        {
            var answer = await world.AskAsync(policy, row.Ask);
            Assert.True(answer.Status == row.Status, $"{row.Ask}: {answer.Status} instead of {row.Status}\n{answer.Head}\n{answer.Seen}");
            Assert.All(row.Expect, expectation => Assert.True(answer.Missing(expectation) is null, $"{row.Ask}: {answer.Missing(expectation)}"));
        }
    }

    [Theory, MemberData(nameof(PolicyWorlds.All), MemberType = typeof(PolicyWorlds))]
    public async Task Who_got_in_by_a_hash_is_remembered_and_nobody_else(HAProxyBinary binary, bool atRunTime)
    {
        var world = await worlds.OfAsync(binary, atRunTime);
        foreach (var policy in new[] { "Accounts", "AccountsLimited" })
        {
            foreach (var row in PolicyTable.Rows[policy])
                await world.AskAsync(policy, row.Ask);
        }

        await using var client = await world.ConnectAsync();
        var table = await client.ExecuteAsync(TestCommands.Line("show table accepted-accounts"), CancellationToken.None);
        int Count(string policy) => table.Split('\n').Count(line => line.Contains($"key={PolicyData.Of(PolicyTable.Policies[policy]).Id}:", StringComparison.Ordinal));
        Assert.Equal((3, 1), (Count("Accounts"), Count("AccountsLimited")));
    }

    [Theory, MemberData(nameof(PolicyWorlds.All), MemberType = typeof(PolicyWorlds))]
    public async Task A_request_under_way_takes_a_place_until_it_is_answered(HAProxyBinary binary, bool atRunTime)
    {
        var world = await worlds.OfAsync(binary, atRunTime);
        var held = world.AskAsync("Connections", new Ask("/held"));
        Assert.True(await world.Server.ArrivedAsync(Await.Deadline), "the request did not arrive");
        Assert.Equal(429, (await world.AskAsync("Connections", new Ask("/"))).Status);
        Assert.Equal(200, (await world.AskAsync("Connections", new Ask("/", "10.1.2.4"))).Status);
        world.Server.LetGo();
        Assert.Equal(200, (await held).Status);
        await Await.UntilAsync(async () => (await world.AskAsync("Connections", new Ask("/"))).Status == 200, "the place was not free again");
    }

    [Theory, MemberData(nameof(PolicyWorlds.All), MemberType = typeof(PolicyWorlds))]
    public async Task An_endpoint_that_takes_longer_than_the_policy_says_is_given_up(HAProxyBinary binary, bool atRunTime)
    {
        var world = await worlds.OfAsync(binary, atRunTime);
        var began = Stopwatch.GetTimestamp();
        Assert.Equal(504, (await world.AskAsync("Times", new Ask("/held"))).Status);
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(20), "the program's own time-out was waited for");
        world.Server.LetGo();
        Assert.True(await world.Server.ArrivedAsync(Await.Deadline), "the request did not arrive");
    }

    [Theory, MemberData(nameof(PolicyWorlds.All), MemberType = typeof(PolicyWorlds))]
    public async Task A_route_without_a_policy_is_left_alone(HAProxyBinary binary, bool atRunTime)
    {
        var world = await worlds.OfAsync(binary, atRunTime);
        var answer = await new Ask("/a", Headers: ["origin: https://a", "x-forwarded-for: 1.2.3.4"]).SendAsync(world, "plain.example");
        Assert.Equal(200, answer.Status);
        foreach (var expectation in new[] { "!access-control", "!strict", "!vary", "server: pod", "> x-forwarded-for: 1.2.3.4", "> x-forwarded-for: 10.1.2.3", "> x-forwarded-proto: http", "> host: plain.example" })
            Assert.Null(answer.Missing(expectation));
    }
}
