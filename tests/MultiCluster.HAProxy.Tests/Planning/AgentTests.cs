using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.HAProxy.Tests.Planning;

/// <summary>What an agent says of a server counts, and the reconciler leaves it.</summary>
public sealed class AgentTests
{
    private static readonly RoutingDelta Shop = Make.Delta(
        [Make.Route(Make.Prefix("shop.example", ""), "cart") with { Policy = RoutePolicy.None with { Backend = new BackendPolicy { AgentPort = 9000, AgentSend = "hello" } } }],
        Make.Fragment("cart", "10.0.0.1"));

    [Theory]
    [InlineData("2.6")]
    [InlineData("3.4")]
    public void An_agent_is_asked_when_its_server_takes_requests_and_not_while_it_drains_or_goes(string version)
    {
        var proxy = new Bench(Make.Features(version));
        var lines = proxy.Apply(Shop);
        Assert.EndsWith(" weight 100 agent-check agent-port 9000 agent-send hello", lines.Single(static line => line.StartsWith("add server", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(["add server", "enable health", "set server", "enable agent"], OfServers(lines));
        var (backend, server) = Server(proxy);
        foreach (var word in new[] { "drain", "maint", "ready", "maint" })
        {
            proxy.Simulator.HearAgent(backend, server, word);
            Assert.Empty(proxy.Verify());
        }

        Assert.Equal(["disable agent", "set server"], OfServers(proxy.Apply(Make.Traits(("aws", new MemberTraits(MemberState.Drain))))));
        Assert.Empty(proxy.Verify());
        Assert.Equal(["set server", "enable agent"], OfServers(proxy.Apply(Make.Traits(("aws", new MemberTraits(MemberState.Active))))));
        Assert.Equal(["disable agent", "set server", "del server"], OfServers(proxy.Apply(Make.Delta([], Make.Fragment("cart")))));
    }

    [Fact]
    public void A_start_file_has_the_agent_asked_at_once_and_where_it_drains_no_longer()
    {
        var proxy = new Bench(Make.NewerSlots);
        proxy.Apply(Shop);
        proxy.Simulator.Load(proxy.Render());
        Assert.Empty(OfServers(proxy.Verify()));
        proxy.Apply(Make.Traits(("aws", new MemberTraits(MemberState.Drain))));
        proxy.Simulator.Load(proxy.Render());
        Assert.Equal(["disable agent", "set server"], OfServers(proxy.Verify()));
        Assert.Empty(proxy.Verify());
    }

    [Fact]
    public void What_a_start_file_disabled_is_made_ready_though_its_agent_is_asked()
    {
        var proxy = new Bench(Make.NewerSlots);
        proxy.Apply(Shop);
        proxy.Apply(Make.Traits(("aws", new MemberTraits(MemberState.Drain))));
        var behind = proxy.Render();
        proxy.Apply(Make.Traits(("aws", new MemberTraits(MemberState.Active))));
        proxy.Simulator.Load(behind);
        Assert.Equal(["disable agent", "set server", "enable agent"], OfServers(proxy.Verify()));
        Assert.Empty(proxy.Verify());
        proxy.Simulator.HearAgent(Server(proxy).Backend, Server(proxy).Server, "drain");
        Assert.Empty(proxy.Verify());
    }

    private static (string Backend, string Server) Server(Bench proxy)
    {
        var backend = Assert.Single(proxy.Reconciler.Desired.Backends);
        return (backend.Name!, Assert.Single(backend.Servers).Key);
    }

    private static List<string> OfServers(IEnumerable<string> lines) =>
        [.. lines.Select(static line => string.Join(' ', line.Split(' ')[..2])).Where(static line => line.EndsWith("server", StringComparison.Ordinal) || line.EndsWith("agent", StringComparison.Ordinal) || line.EndsWith("health", StringComparison.Ordinal))];
}
