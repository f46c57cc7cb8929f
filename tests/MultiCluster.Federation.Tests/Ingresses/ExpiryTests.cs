using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Tests.Ingresses;

public sealed class ExpiryTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static IngressMerge Merge(FederationContext context, string? minClusters = null, string policy = "Expire")
    {
        (string, string)[] annotations = [("staleness", policy), ("stale-ttl", "1h"), .. minClusters is null ? ((string, string)[])[] : [("min-clusters", minClusters)]];
        var ingress = Federate.Shop.With(annotations);
        return Federate.Merge(context, ingress.CopyIn(Make.Aws), ingress.CopyIn(Make.Gcp), ingress.CopyIn(Federate.Lab));
    }

    [Fact]
    public void XT40_without_a_ttl_a_stale_member_stays_and_its_copy_says_so()
    {
        var context = Federate.Stale(TimeSpan.FromDays(30), Reasons.Unreachable, Make.Gcp);

        var merge = Federate.Merge(context, Federate.Shop.CopyIn(Make.Aws), Federate.Shop.CopyIn(Make.Gcp));

        Assert.Equal(["aws", "gcp"], merge.Members());
        Assert.Equal(Reasons.Unreachable, merge.Find(ConditionType.Stale, Make.Gcp)!.Reason);
        Assert.Null(merge.Find(ConditionType.Stale));
        Assert.Null(merge.NextChange);
        Assert.Equal(["aws", "gcp", "lab"], Merge(context, policy: "Retain").Members());
    }

    [Fact]
    public void XT52_a_member_expires_alone_when_its_time_has_come()
    {
        var before = Merge(Federate.Stale(Hour - TimeSpan.FromMinutes(1), Reasons.Unreachable, Make.Gcp));
        var after = Merge(Federate.Stale(Hour, Reasons.Unreachable, Make.Gcp));

        Assert.Equal(["aws", "gcp", "lab"], before.Members());
        Assert.Equal(Make.Now + TimeSpan.FromMinutes(1), before.NextChange);
        Assert.Equal(["aws", "lab"], after.Members());
        Assert.Null(after.NextChange);
        Assert.Equal(Reasons.Expired, after.Find(ConditionType.Stale, Make.Gcp)!.Reason);
        Assert.Contains("gcp can't be read for longer than the ttl of 01:00:00", after.Find(ConditionType.Stale, Make.Gcp)!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "gcp")]
    [InlineData("1", "gcp")]
    [InlineData("2", "aws gcp")]
    [InlineData("3", "aws gcp lab")]
    [InlineData("9", "aws gcp lab")]
    public void XT52_as_many_as_are_wanted_stay_the_last_to_become_stale_first_then_by_name(string? minClusters, string expected)
    {
        var context = Federate.Three with
        {
            Stale = new Dictionary<MemberName, StaleMember>
            {
                [Make.Aws] = new(Reasons.Unreachable, 3 * Hour),
                [Make.Gcp] = new(Reasons.Unreachable, 2 * Hour),
                [Federate.Lab] = new(Reasons.Unreachable, 3 * Hour),
            },
        };

        Assert.Equal(expected, string.Join(' ', Merge(context, minClusters).Members()));
    }

    [Fact]
    public void A_route_of_one_member_stays_while_another_loses_it()
    {
        var gcp = Make.Ingress(Make.Rule("shop.example", Make.Path("/", "shop"), Make.Path("/only", "shop"))).With(("staleness", "Expire"), ("stale-ttl", "1h"));

        var merge = Federate.Merge(Federate.Stale(Hour, Reasons.Unreachable, Make.Gcp), Federate.Shop.CopyIn(Make.Aws), gcp.CopyIn(Make.Gcp));

        Assert.Equal(["/only gcp", " aws"], merge.Fragment!.Routes.OrderByDescending(static claim => claim.Key.Path).Select(static claim => $"{claim.Key.Path} {string.Join(',', claim.Members)}"));
    }

    [Fact]
    public void A_member_that_holds_a_shrink_back_is_read_and_never_expires()
    {
        var merge = Merge(Federate.Stale(9 * Hour, Reasons.MassShrink, Make.Gcp));

        Assert.Equal(["aws", "gcp", "lab"], merge.Members());
        Assert.Equal(Reasons.MassShrink, merge.Find(ConditionType.Stale, Make.Gcp)!.Reason);
        Assert.Contains("mcctl member approve gcp", merge.Find(ConditionType.Stale, Make.Gcp)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_federated_ingress_says_it_too_and_leaves_out_placed_members()
    {
        var federated = Federate.Template() with { Staleness = new StalenessSpec("Expire", "1h", null) };

        Assert.Equal(["aws", "lab"], Federate.Merge(Federate.Stale(Hour, Reasons.Unreachable, Make.Gcp), federated.Alone()).Members());
    }
}
