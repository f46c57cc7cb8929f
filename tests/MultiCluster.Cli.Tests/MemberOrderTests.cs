using System.Net;
using System.Text.Json;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Tests;

public sealed class MemberOrderTests
{
    [Theory]
    [InlineData("cordon aws", "cordon", "Drain", "Member aws gets no new sessions (state Drain).\n")]
    [InlineData("drain aws --no-wait", "drain", "Drain", "Member aws gets no new sessions (state Drain).\n")]
    [InlineData("disable aws --yes", "disable", "Disabled", "Member aws gets no traffic (state Disabled).\n")]
    [InlineData("undrain aws", "undrain", "Active", "Member aws gets new sessions (state Active).\n")]
    [InlineData("uncordon aws", "undrain", "Active", "Member aws gets new sessions (state Active).\n")]
    public async Task An_order_is_one_request_and_says_what_came_of_it(string args, string order, string state, string said)
    {
        using var mcctl = new Mcctl().Answer(AdminPaths.MemberOrder("aws", order), MemberSample.Ordered(state));
        Assert.Equal(0, await mcctl.RunAsync(["member", .. args.Split(' ')]));
        Assert.Equal([$"POST http://127.0.0.1:9070/api/v1/members/aws/{order}"], mcctl.Requests);
        Assert.Equal(said, mcctl.Output);
    }

    [Fact]
    public async Task A_member_that_stays_drained_after_undrain_says_who_wants_it()
    {
        using var mcctl = new Mcctl().Answer(AdminPaths.MemberOrder("aws", "undrain"), MemberSample.Ordered("Drain"));
        Assert.Equal(0, await mcctl.RunAsync("member", "undrain", "aws"));
        Assert.StartsWith("Nothing is ordered for member aws any more, but its state is Drain: its registration says so", mcctl.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("remove aws --yes", "", false, "Member aws drains (state Drain), then it is removed; mcctl member show aws tells when.\n")]
    [InlineData("remove aws -y --grace 1m30s", "?grace=1m30s", false, "Member aws drains (state Drain), then it is removed; mcctl member show aws tells when.\n")]
    [InlineData("remove aws -y --grace 90s", "?grace=1m30s", false, null)]
    [InlineData("remove aws -y --grace 0s", "?grace=0s", true, "Member aws is removed.\n")]
    public async Task A_removal_takes_its_grace_along(string args, string query, bool removed, string? said)
    {
        var answer = new MemberOrderView("aws", "Drain", removed, []);
        using var mcctl = new Mcctl().Answer("/api/v1/members/aws/remove" + query, answer);
        Assert.Equal(0, await mcctl.RunAsync(["member", .. args.Split(' ')]));
        Assert.Equal([$"POST http://127.0.0.1:9070/api/v1/members/aws/remove{query}"], mcctl.Requests);
        if (said is not null)
            Assert.Equal(said, mcctl.Output);
    }

    [Theory]
    [InlineData("disable", "Member aws gets no traffic at all any more, not even of sessions that are bound to it; routes that no other member serves fail.")]
    [InlineData("remove", "Member aws is taken out for good: it drains for the configured time, then its routes and endpoints go from every proxy; routes that no other member serves fail.")]
    [InlineData("remove --grace 120s", "Member aws is taken out for good: it drains for 2m, then its routes and endpoints go from every proxy; routes that no other member serves fail.")]
    public async Task What_loses_something_asks_back_and_says_what(string order, string consequence)
    {
        using var mcctl = new Mcctl { Typed = "n\n" };
        Assert.Equal(2, await mcctl.RunAsync(["member", .. order.Split(' '), "aws"]));
        Assert.Equal($"{consequence} Go on? [y/N] error: not confirmed: nothing was done\n", mcctl.Error);
        Assert.Empty(mcctl.Requests);
    }

    [Theory]
    [InlineData("disable aws")]
    [InlineData("remove aws")]
    public async Task Without_a_terminal_it_needs_yes(string order)
    {
        using var mcctl = new Mcctl();
        Assert.Equal(2, await mcctl.RunAsync(["member", .. order.Split(' ')]));
        Assert.Equal("error: not confirmed: give --yes, since there is no terminal to ask at\n", mcctl.Error);
        Assert.Empty(mcctl.Requests);
    }

    [Theory]
    [InlineData("show nope", "")]
    [InlineData("approve nope --yes", "")]
    [InlineData("cordon nope", "/cordon")]
    [InlineData("drain nope", "/drain")]
    [InlineData("drain nope --no-wait", "/drain")]
    [InlineData("undrain nope", "/undrain")]
    [InlineData("disable nope -y", "/disable")]
    [InlineData("remove nope -y", "/remove")]
    public async Task An_unknown_member_is_told_in_the_servers_words_and_nothing_else_is_asked(string args, string path)
    {
        using var mcctl = new Mcctl().Problem(AdminPaths.Member("nope") + path, HttpStatusCode.NotFound, "there is no member nope; there are aws and gcp");
        Assert.Equal(1, await mcctl.RunAsync(["member", .. args.Split(' ')]));
        Assert.Equal("error: there is no member nope; there are aws and gcp\n", mcctl.Error);
        Assert.Empty(mcctl.Output);
        Assert.Single(mcctl.Requests);
    }

    [Fact]
    public async Task An_approval_shows_what_is_held_before_it_asks_and_then_what_was_released()
    {
        using var mcctl = Holding("90 of 120 endpoints", "3 of 3 Ingresses");
        Assert.Equal(0, await mcctl.RunAsync("member", "approve", "aws"));
        Assert.Equal(["http://127.0.0.1:9070/api/v1/members/aws", "POST http://127.0.0.1:9070/api/v1/members/aws/approve"], mcctl.Requests);
        Assert.Equal(
            """
            Held back of member aws, since it looks like a loss:
              90 of 120 endpoints
              3 of 3 Ingresses
            With your approval it takes effect: what is gone in member aws is no longer served. Go on? [y/N] 
            """,
            mcctl.Error);
        Assert.Equal("Released of member aws:\n  90 endpoints\n", mcctl.Output);
    }

    [Fact]
    public async Task An_approval_that_is_not_confirmed_releases_nothing()
    {
        using var mcctl = new Mcctl { Typed = "\n" }.Answer(AdminPaths.Member("aws"), MemberSample.Aws with { Held = ["90 of 120 endpoints"] });
        Assert.Equal(2, await mcctl.RunAsync("member", "approve", "aws"));
        Assert.Equal(["http://127.0.0.1:9070/api/v1/members/aws"], mcctl.Requests);
        Assert.Empty(mcctl.Output);
        Assert.EndsWith("error: not confirmed: nothing was done\n", mcctl.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_held_is_said_without_asking_anybody_to_confirm()
    {
        using var mcctl = new Mcctl().Answer(AdminPaths.Member("aws"), MemberSample.Aws);
        Assert.Equal(0, await mcctl.RunAsync("member", "approve", "aws"));
        Assert.Equal("Nothing is held back of member aws.\n", mcctl.Output);
        Assert.Empty(mcctl.Error);
        Assert.Single(mcctl.Requests);
    }

    [Fact]
    public async Task Approvals_in_json_are_of_one_shape_whether_something_was_held_or_not()
    {
        using var some = Holding("90 of 120 endpoints");
        Assert.Equal(0, await some.RunAsync("member", "approve", "aws", "-o", "json"));
        Assert.Equal(["90 endpoints"], JsonSerializer.Deserialize(some.Output, AdminJson.Default.MemberOrderView)!.Released);
        using var none = new Mcctl().Answer(AdminPaths.Member("aws"), MemberSample.Aws);
        Assert.Equal(0, await none.RunAsync("member", "approve", "aws", "-o", "json"));
        Assert.Empty(JsonSerializer.Deserialize(none.Output, AdminJson.Default.MemberOrderView)!.Released);
    }

    private static Mcctl Holding(params IReadOnlyList<string> held) => new Mcctl { Typed = "y\n" }
        .Answer(AdminPaths.Member("aws"), MemberSample.Aws with { Held = held })
        .Answer(AdminPaths.MemberOrder("aws", "approve"), new MemberOrderView("aws", "Active", false, ["90 endpoints"]));
}
