using MultiCluster.Controller.Admin;
using MultiCluster.Controller.Proxies;
using MultiCluster.Controller.Sessions;
using MultiCluster.Controller.Tests.Support;

namespace MultiCluster.Controller.Tests.Admin;

/// <summary>Who waits for the last session of a member has to hear of every proxy, whichever controller that one has its session with.</summary>
public sealed class MemberSessionsTests
{
    private static readonly ProxyProtocol.Traffic Local = new("local", [], new Dictionary<string, long> { ["aws"] = 3 }, null);

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public async Task Every_controller_tells_of_the_proxies_of_all(string asked)
    {
        await using var both = await TwoControllers.StartAsync("a");
        both.Beside["a"] = Local;
        // One goes from a to b, which has not heard of its end yet.
        both.Sessions["a"] = [TwoControllers.Session("moving", new MemberLoad(Make.Aws, 5))];
        both.Sessions["b"] =
        [
            TwoControllers.Session("edge", new MemberLoad(Make.Aws, 8), new MemberLoad(Make.Gcp, 0)),
            TwoControllers.Session("moving", new MemberLoad(Make.Aws, 2)),
            TwoControllers.Session("new", null),
            TwoControllers.Session("empty", []),
        ];

        var sessions = await both.AskAsync(asked);
        Assert.Equal("aws edge 8, aws local 3, aws moving 5, gcp edge 0", TextOf(sessions));
        Assert.Empty(sessions.SilentControllers);
        Assert.Equal("new", Assert.Single(sessions.SilentProxies));
    }

    [Fact]
    public async Task A_controller_that_does_not_answer_is_named_after_a_time_and_one_without_a_connection_at_once()
    {
        await using var both = await TwoControllers.StartAsync("a");
        both.Beside["a"] = Local;
        both.Sessions["b"] = [TwoControllers.Session("edge", new MemberLoad(Make.Aws, 8))];

        both.Fate = TwoControllers.Questions.AreLost;
        var lost = await both.AskAsync("a", passing: true);
        Assert.Equal("aws local 3", TextOf(lost));
        Assert.Equal("b", Assert.Single(lost.SilentControllers));

        both.Fate = TwoControllers.Questions.AreRefused;
        Assert.Equal("b", Assert.Single((await both.AskAsync("a")).SilentControllers));

        both.Fate = TwoControllers.Questions.Arrive;
        var all = await both.AskAsync("a");
        Assert.Equal("aws edge 8, aws local 3", TextOf(all));
        Assert.Empty(all.SilentControllers);
    }

    [Fact]
    public async Task A_HAProxy_that_can_not_be_asked_has_not_told()
    {
        await using var both = await TwoControllers.StartAsync("b");
        both.Beside["b"] = new ProxyProtocol.Traffic("local", [], new Dictionary<string, long>(), "it is not running");
        var sessions = await both.AskAsync("a");
        Assert.Empty(sessions.ByMember);
        Assert.Equal("local", Assert.Single(sessions.SilentProxies));
    }

    private static string TextOf(MemberSessions sessions) => string.Join(", ", sessions.ByMember
        .SelectMany(static member => member.Value.Select(proxy => $"{member.Key} {proxy.Key} {proxy.Value}")).Order(StringComparer.Ordinal));
}
