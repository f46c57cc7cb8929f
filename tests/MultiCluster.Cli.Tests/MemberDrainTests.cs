using System.Text.Json;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Tests;

public sealed class MemberDrainTests
{
    private static readonly string Member = AdminPaths.Member("aws");
    private static readonly MemberDetailView Undrained = Left(("local", 4));

    [Fact]
    public async Task A_drain_reports_what_is_left_and_is_over_after_three_polls_without_a_session()
    {
        var time = new JumpingTime(Mcctl.Now);
        using var mcctl = Draining(time, Left(("local", 4), ("edge", 8)), Left(("local", 1), ("edge", 0)), Left(("local", 0), ("edge", 0)));
        Assert.Equal(0, await mcctl.RunAsync("member", "drain", "aws"));
        Assert.Equal("POST http://127.0.0.1:9070/api/v1/members/aws/drain", mcctl.Requests[0]);
        Assert.Equal(Enumerable.Repeat("http://127.0.0.1:9070/api/v1/members/aws", 5), mcctl.Requests.Skip(1));
        Assert.Equal(Mcctl.Now.AddSeconds(4), time.GetUtcNow());
        Assert.Equal(
            """
            Member aws gets no new sessions; waiting for those it has, up to 5m.
            0s: 12 sessions left (edge 8, local 4)
            1s: 1 session left (edge 0, local 1)
            2s: 0 sessions left (edge 0, local 0)

            """,
            mcctl.Error);
        Assert.Equal("Member aws is drained: no session is left at edge, local.\n", mcctl.Output);
    }

    [Fact]
    public async Task A_session_that_comes_back_starts_the_counting_anew()
    {
        using var mcctl = Draining(null, Left(("local", 0)), Left(("local", 0)), Left(("local", 1)), Left(("local", 0)), Left(("local", 0)), Left(("local", 0)), Left(("local", 7)));
        Assert.Equal(0, await mcctl.RunAsync("member", "drain", "aws"));
        Assert.Equal(7, mcctl.Requests.Count);
    }

    [Fact]
    public async Task When_the_time_is_over_it_says_what_is_left_and_that_the_member_stays_drained()
    {
        var time = new JumpingTime(Mcctl.Now);
        using var mcctl = Draining(time, Left(("local", 2), ("edge", 1)));
        Assert.Equal(1, await mcctl.RunAsync("member", "drain", "aws", "--timeout", "25s"));
        Assert.Equal(Mcctl.Now.AddSeconds(25), time.GetUtcNow());
        Assert.Equal(
            """
            Member aws gets no new sessions; waiting for those it has, up to 25s.
            0s: 3 sessions left (edge 1, local 2)
            10s: 3 sessions left (edge 1, local 2)
            20s: 3 sessions left (edge 1, local 2)
            error: member aws after 25s: 3 sessions left (edge 1, local 2). Member aws stays drained: mcctl member drain aws goes on waiting, mcctl member undrain aws gives it new sessions again.

            """,
            mcctl.Error);
        Assert.Empty(mcctl.Output);
        Assert.DoesNotContain(mcctl.Requests, static request => request.Contains("undrain", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Proxies_that_cannot_be_asked_are_not_proxies_without_sessions()
    {
        using var nobody = Draining(null, Left());
        Assert.Equal(1, await nobody.RunAsync("member", "drain", "aws", "--timeout", "10s"));
        Assert.Contains("error: member aws after 10s: sessions left: not known, no proxy could be asked. Member aws stays drained", nobody.Error, StringComparison.Ordinal);

        using var silent = Draining(null, Left(("edge", 3), ("local", 1)), Left(("local", 0)));
        Assert.Equal(1, await silent.RunAsync("member", "drain", "aws", "--timeout", "10s"));
        Assert.Contains("1s: 3 sessions left (edge 3 when last asked, local 0)\n", silent.Error, StringComparison.Ordinal);

        using var back = Draining(null, Left(("edge", 0)), Left(), Left(("edge", 0)));
        Assert.Equal(0, await back.RunAsync("member", "drain", "aws"));
        Assert.Equal(1 + 2 + 3, back.Requests.Count);
    }

    [Fact]
    public async Task A_controller_that_does_not_answer_and_a_proxy_that_has_not_told_are_named_and_waited_for()
    {
        var quiet = Left(("local", 0));
        using var silent = Draining(null, quiet with { SilentControllers = ["c2", "c3"] }, quiet with { SilentControllers = ["c3"] });
        Assert.Equal(1, await silent.RunAsync("member", "drain", "aws", "--timeout", "10s"));
        Assert.Contains("0s: 0 sessions left (local 0); not known of proxies told by c2, c3, which do not answer\n", silent.Error, StringComparison.Ordinal);
        Assert.Contains("error: member aws after 10s: 0 sessions left (local 0); not known of proxies told by c3, which does not answer. Member", silent.Error, StringComparison.Ordinal);

        using var untold = Draining(null, quiet with { SilentProxies = ["edge"] }, quiet with { SilentProxies = ["edge"] }, quiet with { SilentProxies = ["edge"] }, Left(("edge", 0), ("local", 0)));
        Assert.Equal(0, await untold.RunAsync("member", "drain", "aws"));
        Assert.Contains("0s: 0 sessions left (local 0); not known of edge, which has not told yet\n", untold.Error, StringComparison.Ordinal);
        Assert.Equal(1 + 3 + 3, untold.Requests.Count);
        Assert.Equal("Member aws is drained: no session is left at edge, local.\n", untold.Output);

        using var nobody = Draining(null, Left() with { SilentControllers = ["c2"] });
        Assert.Equal(1, await nobody.RunAsync("member", "drain", "aws", "--timeout", "0s"));
        Assert.Contains("no proxy could be asked; not known of proxies told by c2, which does not answer.", nobody.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_of_a_member_that_does_not_drain_yet_count_for_nothing()
    {
        var early = Left(("local", 0)) with { State = "Active" };
        using var mcctl = Draining(null, early, early, early, early, early, Left(("local", 0)));
        Assert.Equal(0, await mcctl.RunAsync("member", "drain", "aws"));
        Assert.Contains("0s: 0 sessions left (local 0); the order has not taken effect yet\n", mcctl.Error, StringComparison.Ordinal);
        Assert.Equal(1 + 5 + 3, mcctl.Requests.Count);
    }

    [Fact]
    public async Task A_poll_without_an_answer_is_told_and_asked_again()
    {
        using var mcctl = Draining(null, Left(("local", 0)), Left(("local", 0)), null, Left(("local", 0)));
        Assert.Equal(0, await mcctl.RunAsync("member", "drain", "aws"));
        Assert.Contains("2s: not now\n", mcctl.Error, StringComparison.Ordinal);
        Assert.Equal(1 + 3 + 3, mcctl.Requests.Count);
    }

    [Fact]
    public async Task Somebody_who_undrains_or_removes_the_member_ends_the_waiting()
    {
        using var undrained = Draining(null, Left(("local", 3)), Undrained with { State = "Active" });
        Assert.Equal(1, await undrained.RunAsync("member", "drain", "aws"));
        Assert.Contains("error: member aws: it takes new sessions again: somebody has undrained it meanwhile; 4 sessions left", undrained.Error, StringComparison.Ordinal);
        Assert.Equal(1 + 1 + 3, undrained.Requests.Count);

        using var removed = Draining(null, Left(("local", 3)), Undrained with { State = "Disabled", Removed = true });
        Assert.Equal(1, await removed.RunAsync("member", "drain", "aws"));
        Assert.Contains("error: member aws: it has been removed meanwhile; 4 sessions left", removed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupt_leaves_it_drained_and_says_so()
    {
        using var interrupt = new CancellationTokenSource();
        var time = new JumpingTime(Mcctl.Now) { Waited = interrupt.Cancel, Fires = false };
        using var mcctl = Draining(time, Left(("local", 4)));
        Assert.Equal(130, await mcctl.RunAsync(interrupt.Token, "member", "drain", "aws"));
        Assert.EndsWith(
            "Interrupted: 4 sessions left (local 4). Member aws stays drained: mcctl member drain aws goes on waiting, mcctl member undrain aws gives it new sessions again.\n",
            mcctl.Error,
            StringComparison.Ordinal);
        Assert.Equal(2, mcctl.Requests.Count);
        Assert.Empty(mcctl.Output);
    }

    [Fact]
    public async Task An_interrupt_before_the_answer_claims_nothing()
    {
        using var interrupt = new CancellationTokenSource();
        using var mcctl = new Mcctl { Requested = interrupt.Cancel };
        Assert.Equal(130, await mcctl.RunAsync(interrupt.Token, "member", "drain", "aws"));
        Assert.Equal("Interrupted before the answer: whether member aws drains is not known; mcctl member show aws tells.\n", mcctl.Error);
        Assert.Single(mcctl.Requests);
    }

    [Fact]
    public async Task In_json_the_last_answer_is_the_output_and_progress_stays_out_of_it()
    {
        using var mcctl = Draining(null, Left(("local", 4)), Left(("local", 0)));
        Assert.Equal(0, await mcctl.RunAsync("member", "drain", "aws", "-o", "json"));
        Assert.Equal(0, JsonSerializer.Deserialize(mcctl.Output, AdminJson.Default.MemberDetailView)!.Sessions["local"]);
        Assert.Contains("0s: 4 sessions left", mcctl.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_help_says_that_sessions_bound_by_a_cookie_may_come_back()
    {
        using var mcctl = new Mcctl();
        Assert.Equal(0, await mcctl.RunAsync("member", "drain", "--help"));
        var help = string.Join(' ', mcctl.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("Sessions that a cookie binds to the member may come back as long as it drains: they go on until it is disabled or removed.", help, StringComparison.Ordinal);
        Assert.Contains("[default: 5m]", help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("30s", 30)]
    [InlineData("5m", 300)]
    [InlineData("1h30m", 5400)]
    [InlineData("1h5s", 3605)]
    [InlineData("1d", 86400)]
    [InlineData("24h", 86400)]
    [InlineData("0s", 0)]
    public void Durations_are_read_and_written(string text, int seconds)
    {
        Assert.Equal(TimeSpan.FromSeconds(seconds), Duration.Parse(text));
        Assert.Equal(TimeSpan.FromSeconds(seconds), Duration.Parse(Duration.Of(TimeSpan.FromSeconds(seconds))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("m")]
    [InlineData("-5m")]
    [InlineData("5 m")]
    [InlineData("1.5m")]
    [InlineData("5m5m")]
    [InlineData("5s1m")]
    [InlineData("5m3")]
    [InlineData("25h")]
    [InlineData("1d1s")]
    [InlineData("99999999999999999999s")]
    [InlineData("٣s")]
    public void What_is_no_duration_up_to_a_day_is_none(string text) => Assert.Null(Duration.Parse(text));

    private static MemberDetailView Left(params IReadOnlyList<(string Proxy, long Sessions)> sessions) =>
        MemberSample.Aws with { State = "Drain", Ordered = "Drain", Sessions = sessions.ToDictionary(static s => s.Proxy, static s => s.Sessions) };

    /// <param name="polls">Null: the server can't answer.</param>
    private static Mcctl Draining(JumpingTime? time, params IReadOnlyList<MemberDetailView?> polls) =>
        new Mcctl { Time = time ?? new JumpingTime(Mcctl.Now) }
            .Answer(AdminPaths.MemberOrder("aws", "drain"), MemberSample.Ordered("Drain"))
            .Answers(Member, polls);
}
