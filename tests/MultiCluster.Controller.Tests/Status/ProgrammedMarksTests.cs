using System.Collections.Immutable;
using MultiCluster.Controller.Status;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Tests.Status;

public sealed class ProgrammedMarksTests
{
    private static readonly Fragment.Ingress Wanted = StatusMake.Verdict(StatusMake.Federated()).Fragment;

    private readonly ProgrammedMarks _marks = new();

    [Fact]
    public void What_the_routing_table_does_not_have_yet_is_not_programmed_whatever_proxies_have()
    {
        Assert.Equal((false, Reasons.Pending), Look(null, Proxy("a", 5, 5)));
        Assert.Equal((false, Reasons.Pending), Look(Wanted with { Traffic = new Model.Traffic.TrafficPolicy() }, Proxy("a", 5, 5)));
    }

    [Fact]
    public void Each_proxy_has_to_apply_what_it_had_been_told_when_the_table_had_it()
    {
        Assert.Equal((false, Reasons.Pending), Look(Wanted, Proxy("a", 5, 5), Proxy("b", 7, 6)));
        // It will never have all that comes while others change, and need not.
        Assert.Equal((true, Reasons.Programmed), Look(Wanted, Proxy("a", 9, 8), Proxy("b", 12, 7)));
        // It stays so, though more is under way.
        Assert.Equal((true, Reasons.Programmed), Look(Wanted, Proxy("a", 20, 8), Proxy("b", 20, 7)));
    }

    [Fact]
    public void A_change_begins_anew_and_one_of_conditions_alone_does_not()
    {
        Assert.Equal((true, Reasons.Programmed), Look(Wanted, Proxy("a", 5, 5)));
        var said = Wanted with { Conditions = [] };
        Assert.Equal((true, Reasons.Programmed), Of(_marks.Look(said, Wanted, [Proxy("a", 9, 5)])));
        var changed = StatusMake.Verdict(StatusMake.Federated(clusters: [new ClusterSpec("aws", 3, null, null)])).Fragment;
        Assert.Equal((false, Reasons.Pending), Of(_marks.Look(changed, changed, [Proxy("a", 9, 5)])));
        Assert.Equal((true, Reasons.Programmed), Of(_marks.Look(changed, changed, [Proxy("a", 12, 9)])));
    }

    [Fact]
    public void A_proxy_that_does_not_run_has_applied_nothing_and_one_that_starts_anew_counts_anew()
    {
        Assert.Equal((false, Reasons.Pending), Look(Wanted, Proxy("a", 100, 100) with { Runs = false }));
        Assert.Equal((false, Reasons.Pending), Look(Wanted, Proxy("b", 100, 99)));
        Assert.Equal((true, Reasons.Programmed), Look(Wanted, Proxy("b", 3, 3)));
    }

    [Fact]
    public void Without_a_proxy_nobody_knows() => Assert.Equal((null, Reasons.NoProxy), Look(Wanted));

    [Fact]
    public void Where_nothing_is_accepted_nothing_is_programmed() =>
        Assert.Equal((false, Reasons.NotAccepted), Of(_marks.Look(Wanted with { Routes = [] }, Wanted, [Proxy("a", 5, 5)])));

    [Theory]
    [InlineData("Backend web/web:80@aws,gcp", true)]
    [InlineData("Backend web/other:80@aws,gcp", false)]
    [InlineData("Route shop.example/", true)]
    [InlineData("Route other.example/", false)]
    [InlineData("ingress/web/shop", true)]
    [InlineData("ingress/web/other", false)]
    public void What_is_refused_counts_where_it_is_a_part_of_it(string refused, bool counts)
    {
        var proxy = Proxy("a", 5, 5) with { Refused = [KeyValuePair.Create(refused, "no place")] };
        var statement = _marks.Look(Wanted, Wanted, [proxy]);
        Assert.Equal(counts ? (false, Reasons.Refused) : (true, Reasons.Programmed), Of(statement));
        Assert.Equal(counts, statement.Message.Contains("no place", StringComparison.Ordinal));
    }

    private static ProxyFacts Proxy(string name, long told, long applied) => new(name, Runs: true, told, applied, []);

    private (bool? Status, string Reason) Look(Fragment.Ingress? row, params ProxyFacts[] proxies) => Of(_marks.Look(Wanted, row, [.. proxies]));

    private static (bool? Status, string Reason) Of(StatusStatement statement) => (statement.Status, statement.Reason);
}
