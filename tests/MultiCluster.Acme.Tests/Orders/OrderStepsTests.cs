using MultiCluster.Acme.Orders;
using MultiCluster.Acme.Protocol;

namespace MultiCluster.Acme.Tests.Orders;

public sealed class OrderStepsTests
{
    private static readonly Uri Url = new("https://ca.example/x");

    [Fact]
    public void All_pending_hosts_are_solved_at_once_and_valid_ones_left_alone()
    {
        var step = Next(OrderStatus.Pending, [], Pending("a.example", "ta"), Pending("b.example", "tb"), Done("c.example", AuthorizationStatus.Valid));

        var solutions = Assert.IsType<OrderStep.Solve>(step).Solutions;
        Assert.Equal([new HttpChallenge("a.example", "ta", "ta.thumb"), new HttpChallenge("b.example", "tb", "tb.thumb")], solutions.Select(static one => one.Challenge));
    }

    [Fact]
    public void What_the_authority_was_told_is_not_told_again()
    {
        var some = Next(OrderStatus.Pending, ["ta"], Pending("a.example", "ta"), Pending("b.example", "tb"));
        var all = Next(OrderStatus.Pending, ["ta", "tb"], Pending("a.example", "ta"), Pending("b.example", "tb"));
        var looking = Next(OrderStatus.Pending, [], Pending("a.example", "ta", ChallengeStatus.Processing));

        Assert.Equal("b.example", Assert.Single(Assert.IsType<OrderStep.Solve>(some).Solutions).Challenge.Host);
        Assert.Contains("a.example, b.example", Assert.IsType<OrderStep.Wait>(all).For, StringComparison.Ordinal);
        Assert.IsType<OrderStep.Wait>(looking);
    }

    [Fact]
    public void An_order_whose_hosts_are_all_valid_is_waited_for() =>
        Assert.Equal("the order to be ready", Assert.IsType<OrderStep.Wait>(Next(OrderStatus.Pending, [], Done("a.example", AuthorizationStatus.Valid))).For);

    [Fact]
    public void The_rest_follows_the_order()
    {
        Assert.IsType<OrderStep.Finalize>(Next(OrderStatus.Ready, []));
        Assert.IsType<OrderStep.Wait>(Next(OrderStatus.Processing, []));
        Assert.Equal(Url, Assert.IsType<OrderStep.Download>(Next(OrderStatus.Valid, [])).Url);
    }

    [Fact]
    public void A_host_without_http_01_names_what_there_is()
    {
        var step = Next(OrderStatus.Pending, [], new Authorization("a.example", AuthorizationStatus.Pending, null, ["dns-01", "tls-alpn-01"]));

        var error = Assert.IsType<OrderStep.GiveUp>(step).Error;
        Assert.Equal("a.example", error.Host);
        Assert.Contains("dns-01, tls-alpn-01", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AuthorizationStatus.Invalid)]
    [InlineData(AuthorizationStatus.Deactivated)]
    [InlineData(AuthorizationStatus.Expired)]
    [InlineData(AuthorizationStatus.Revoked)]
    public void A_host_that_failed_ends_the_order_and_is_named(AuthorizationStatus status)
    {
        foreach (var order in new[] { OrderStatus.Pending, OrderStatus.Invalid })
        {
            var error = Assert.IsType<OrderStep.GiveUp>(Next(order, [], Pending("a.example", "ta"), Done("b.example", status))).Error;

            Assert.Equal((AcmeErrorKind.ChallengeFailed, "b.example"), (error.Kind, error.Host));
            Assert.Contains(status.ToString().ToLowerInvariant(), error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_failure_tells_what_the_authority_saw_and_how_many_more_failed()
    {
        var seen = new OfferedChallenge(Url, ChallengeStatus.Invalid, "ta", new AcmeProblem("connection", "refused"), "http://a.example/x at 192.0.2.7");

        var error = Assert.IsType<OrderStep.GiveUp>(Next(
            OrderStatus.Invalid, [], new Authorization("a.example", AuthorizationStatus.Invalid, seen, []), Done("b.example", AuthorizationStatus.Invalid))).Error;

        Assert.Equal(
            "a.example: the authority did not accept it: refused (connection) (it looked at http://a.example/x at 192.0.2.7); 1 more of the order's hosts failed",
            error.Message);
    }

    [Fact]
    public void An_invalid_order_without_a_failed_host_tells_its_own_reason()
    {
        var order = new Order(OrderStatus.Invalid, ["a.example"], [], Url, null, new AcmeProblem("caa", "forbidden by CAA"));

        var error = Assert.IsType<OrderStep.GiveUp>(OrderSteps.Next(order, [], new HashSet<string>(), static token => token)).Error;

        Assert.Equal("a.example: the order is invalid: forbidden by CAA (caa)", error.Message);
    }

    [Theory]
    [InlineData(0, null, 1)]
    [InlineData(1, null, 2)]
    [InlineData(3, null, 8)]
    [InlineData(9, null, 15)]
    [InlineData(int.MaxValue, null, 15)]
    [InlineData(0, 40, 40)]
    [InlineData(9, 3, 3)]
    [InlineData(1, 0, 2)]
    [InlineData(1, -7, 2)]
    public void Waits_are_the_authoritys_or_double(int waits, int? asked, double seconds) => Assert.Equal(
        seconds, new Pacing(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15)).Next(waits, asked is { } time ? TimeSpan.FromSeconds(time) : null).TotalSeconds);

    private static OrderStep Next(OrderStatus status, string[] told, params Authorization[] authorizations) =>
        OrderSteps.Next(new Order(status, ["a.example"], [], Url, Url), authorizations, told.ToHashSet(StringComparer.Ordinal), static token => token + ".thumb");

    private static Authorization Pending(string host, string token, ChallengeStatus status = ChallengeStatus.Pending) =>
        new(host, AuthorizationStatus.Pending, new OfferedChallenge(Url, status, token), ["http-01"]);

    private static Authorization Done(string host, AuthorizationStatus status) => new(host, status, new OfferedChallenge(Url, ChallengeStatus.Valid, "t" + host), ["http-01"]);
}
