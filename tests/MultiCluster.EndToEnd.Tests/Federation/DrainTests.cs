using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Federation;

/// <summary>XT-27: a member that gets no new sessions, by the policy of one Ingress or by an operator's order for all.</summary>
public sealed class DrainTests(FederatedWorlds worlds) : FederatedTest(worlds)
{
    private static readonly Policy Cookie = new("session-affinity", "Cookie");

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task XT_27_a_drained_member_gets_no_new_session_and_those_it_has_go_on(HAProxyBinary binary)
    {
        var world = await WorldAsync(binary);
        await AddAsync(world, "xt27");
        var bound = await BindAsync(world, "xt27", "gcp");
        await using var held = await HeldSockets.OpenAsync(world.Product, "xt27.test", 10);
        Assert.Contains("gcp", held.ByMember.Keys);
        await using var load = Load.Start(world.Product.Setting, "http://xt27.test/", "web", clients: 1);

        await ApplyAsync(world, "xt27", Cookie, new Policy("cluster-state", "gcp=Drain"));
        await world.UntilMembersAsync("http://xt27.test/", "aws");
        await AssertBoundAsync(world, "xt27", bound, "gcp");
        await held.FinishAsync();

        await ApplyAsync(world, "xt27", Cookie, new Policy("cluster-state", "gcp=Active"));
        await world.UntilMembersAsync("http://xt27.test/", "aws", "gcp");
        await load.AssertNoneFailedAsync();
    }

    [Fact]
    public async Task XT_27_an_operator_drains_a_member_for_all_its_Ingresses_and_takes_it_back()
    {
        var world = await WorldAsync();
        await AddAsync(world, "xt27b");
        await world.AddServiceAsync("xt27c", "web", ("aws", 1), ("gcp", 1));
        await world.ApplyToAllAsync(FederatedYaml.Ingress("xt27c", "web", "xt27c.test", "web"));
        await world.UntilMembersAsync("http://xt27c.test/", "aws", "gcp");
        var bound = await BindAsync(world, "xt27b", "gcp");
        await using var held = new HeldSockets();
        for (var member = ""; member != "gcp";)
            member = await held.OpenAsync(world.Product, "xt27b.test");
        await using var load = Load.Start(world.Product.Setting, "http://xt27b.test/", "web", clients: 1);

        await world.Product.McctlAsync("member", "cordon", "gcp");
        try
        {
            await world.UntilMembersAsync("http://xt27b.test/", "aws");
            // Without any policy, too.
            await world.UntilMembersAsync("http://xt27c.test/", "aws");
            await AssertBoundAsync(world, "xt27b", bound, "gcp");
            await world.Product.UntilMemberAsync("gcp", static view => view is { State: "Drain", Ordered: "Drain" } && view.Sessions.Values.Sum() > 0, "drained, with sessions left");

            // Waits for the sessions: it can't be over before they are.
            var drained = world.Product.McctlAsync("member", "drain", "gcp", "--timeout", "30s");
            await world.Product.UntilMemberAsync("gcp", static view => view.Sessions.Values.Sum() > 0, "sessions left");
            Assert.False(drained.IsCompleted);
            await held.FinishAsync();
            await drained;
        }
        finally
        {
            await world.Product.McctlAsync("member", "undrain", "gcp");
        }

        await world.UntilMembersAsync("http://xt27b.test/", "aws", "gcp");
        await world.UntilMembersAsync("http://xt27c.test/", "aws", "gcp");
        await load.AssertNoneFailedAsync();
    }

    private static async Task AddAsync(FederatedWorld world, string ns)
    {
        await world.AddServiceAsync(ns, "web", ("aws", 2), ("gcp", 2));
        await ApplyAsync(world, ns, Cookie);
        await world.UntilMembersAsync($"http://{ns}.test/", "aws", "gcp");
    }

    /// <returns>Cookies of a session with the member.</returns>
    private static async Task<string> BindAsync(FederatedWorld world, string ns, string member)
    {
        var answer = await world.Product.UntilAsync($"http://{ns}.test/", answer => answer.Echo?.Member == member, member);
        // Several Set-Cookie headers: name=value before the first ';' of each.
        var cookies = answer.Headers["Set-Cookie"].Split(", ").Where(static part => part.Contains('=', StringComparison.Ordinal)).Select(static part => part.Split(';')[0]);
        return string.Join("; ", cookies);
    }

    private static async Task AssertBoundAsync(FederatedWorld world, string ns, string cookies, string member)
    {
        for (var i = 0; i < 20; i++)
        {
            var answer = await world.Product.Client.SendAsync(HttpMethod.Get, $"http://{ns}.test/", headers => headers.Add("Cookie", cookies));
            Assert.Equal(member, answer.Echo?.Member);
        }
    }

    private static Task ApplyAsync(FederatedWorld world, string ns, params Policy[] policies) =>
        world.ApplyToAllAsync(FederatedYaml.Ingress(ns, "web", $"{ns}.test", "web", policies));
}
