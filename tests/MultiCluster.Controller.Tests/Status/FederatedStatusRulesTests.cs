using System.Collections.Immutable;
using MultiCluster.Controller.Status;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.Tests.Status;

public sealed class FederatedStatusRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly StatusStatement Programmed = new("Programmed", true, "Programmed", "applied by proxy p1");

    [Fact]
    public void Everything_that_is_known_is_told()
    {
        var verdict = StatusMake.Verdict(StatusMake.Federated(generation: 3, clusters: [new ClusterSpec("aws", 80, null, null), new ClusterSpec("gcp", 20, null, null)]));
        var status = Status(verdict, StatusMake.Answer(verdict, StatusMake.Members((Make.Aws, InRegion("eu-west-1"))), (Make.Aws, 3, 2), (Make.Gcp, 1, 0)));
        Assert.Equal(3, status.Generation);
        Assert.Equal(StatusMake.Addresses, status.Addresses);
        Assert.Equal(
            ["Accepted=True/Accepted", "Conflict=False/NoConflicts", "Programmed=True/Programmed", "ResolvedRefs=True/ResolvedRefs", "Stale=False/UpToDate"],
            status.Conditions.Select(Text).Order(StringComparer.Ordinal));
        Assert.Equal(["aws eu-west-1 3/5 77%", "gcp  1/1 23%"], status.Clusters.Select(Text));
        Assert.All(status.Clusters, static cluster => Assert.Empty(cluster.Conditions));
    }

    /// <param name="aws">Weight, priority and state of aws.</param>
    /// <param name="gcp">The same of gcp.</param>
    /// <param name="pods">Ready pods of aws and gcp; of a number with a slash, of how many.</param>
    /// <param name="drained">The member that an operator drains; empty for none.</param>
    [Theory]
    [InlineData("80 0 Active", "20 0 Active", "1 10", "", "80 20")]
    [InlineData("80 0 Active", "20 0 Active", "1 1", "gcp", "100 0")]
    [InlineData("80 0 Drain", "20 0 Active", "1 1", "", "0 100")]
    [InlineData("80 0 Disabled", "20 0 Active", "1 1", "", "0 100")]
    [InlineData("1 0 Active", "1 1 Active", "1 1", "", "100 0")]
    [InlineData("1 0 Active", "1 1 Active", "0 1", "", "0 100")]
    [InlineData("1 0 Active", "2 0 Active", "5 5", "", "33 67")]
    [InlineData("0 0 Active", "0 0 Active", "5 5", "", "0 0")]
    [InlineData("1 0 Active", "1 1 Active", "7/10 1", "", "100 0")]
    [InlineData("1 0 Active", "1 1 Active", "5/10 1", "", "71 29")]
    [InlineData("1 0 Active", "1 1 Active", "2/10 1", "", "29 71")]
    [InlineData("1 0 Active", "1 1 Active", "1/10 1", "", "14 86")]
    [InlineData("1 0 Active", "1 1 Active", "0/10 1", "", "0 100")]
    [InlineData("80 0 Active", "20 0 Active", "2/10 10", "", "53 47")]
    [InlineData("80 0 Active", "20 0 Active", "0/10 10", "", "0 100")]
    [InlineData("80 0 Active", "20 0 Active", "0/10 0", "", "0 0")]
    public void The_effective_weight_follows_policy_orders_and_endpoints(string aws, string gcp, string pods, string drained, string expected)
    {
        var verdict = StatusMake.Verdict(StatusMake.Federated(clusters: [Spec("aws", aws), Spec("gcp", gcp)]));
        var members = drained.Length == 0 ? null : StatusMake.Members((new MemberName(drained), new MemberTraits(MemberState.Drain)));
        var counts = pods.Split(' ').Select(static text => text.Split('/').Select(int.Parse).ToList()).Select(static of => (Ready: of[0], Unready: of[^1] - of[0])).ToList();
        var status = Status(verdict, StatusMake.Answer(verdict, members, (Make.Aws, counts[0].Ready, counts[0].Unready), (Make.Gcp, counts[1].Ready, counts[1].Unready)));
        Assert.Equal(expected, string.Join(' ', status.Clusters.Select(static cluster => cluster.EffectiveWeight)));
    }

    [Fact]
    public void Without_a_policy_there_is_no_weight()
    {
        var verdict = StatusMake.Verdict(StatusMake.Federated());
        Assert.All(Status(verdict, StatusMake.Answer(verdict, null, (Make.Aws, 1, 0))).Clusters, static cluster => Assert.Null(cluster.EffectiveWeight));
    }

    [Fact]
    public void A_member_without_the_Service_of_a_template_is_told_to_lack_it()
    {
        var verdict = StatusMake.Verdict(StatusMake.Federated());
        var status = Status(verdict, StatusMake.Answer(verdict, null, (Make.Aws, 1, 0)));
        Assert.Empty(status.Clusters[0].Conditions);
        Assert.Equal("ResolvedRefs=False/ServiceNotFound", Text(Assert.Single(status.Clusters[1].Conditions)));
    }

    [Fact]
    public void A_stale_member_is_told_with_the_time_since_when()
    {
        var verdict = StatusMake.Verdict(StatusMake.Federated());
        var stale = new MemberTraits(MemberState.Active) { IsStale = true, StaleReason = "Unreachable" };
        var status = Status(verdict, StatusMake.Answer(verdict, StatusMake.Members((Make.Gcp, stale)), (Make.Aws, 1, 0), (Make.Gcp, 2, 0)), TimeSpan.FromSeconds(200));
        Assert.Contains("Stale=True/Unreachable", status.Conditions.Select(Text));
        Assert.Null(status.Clusters[0].Stale);
        Assert.Equal((Now - TimeSpan.FromSeconds(200), TimeSpan.FromMinutes(3)), (status.Clusters[1].LastObserved, status.Clusters[1].Stale));
        Assert.Contains("Stale=True/Unreachable", status.Clusters[1].Conditions.Select(Text));
        // What is known of it stays.
        Assert.Equal(2, status.Clusters[1].Ready);
    }

    [Theory]
    [InlineData("00:00:59", "00:00:00")]
    [InlineData("00:09:59", "00:09:00")]
    [InlineData("01:59:00", "01:50:00")]
    [InlineData("1.05:59:00", "1.05:00:00")]
    [InlineData("-00:00:05", "00:00:00")]
    public void Staleness_grows_in_steps(string stale, string shown) => Assert.Equal(TimeSpan.Parse(shown), FederatedStatusRules.Rounded(TimeSpan.Parse(stale)));

    [Fact]
    public void A_reference_tells_what_its_copies_lack_and_when_there_are_none()
    {
        var federated = StatusMake.Federated() with { Template = null, Reference = new FederatedReference("networking.k8s.io/v1", "Ingress", "shop") };
        var alone = StatusMake.Verdict(federated);
        Assert.Contains("ResolvedRefs=False/IngressNotFound", Status(alone, StatusMake.Answer(alone)).Conditions.Select(Text));
        Assert.Empty(Status(alone, StatusMake.Answer(alone)).Addresses);

        // No copy of Service web is with it: it does not exist there.
        var lacking = StatusMake.Verdict(federated, Make.Copy(Make.Aws, Make.Ingress("shop", "shop.example", "web")));
        Assert.Contains("ResolvedRefs=False/ServiceNotFound", Status(lacking, StatusMake.Answer(lacking)).Conditions.Select(Text));

        var whole = StatusMake.Verdict(federated, Make.Copy(Make.Aws, Make.Ingress("shop", "shop.example", "web")) with { Services = [Make.Service("web")] });
        var status = Status(whole, StatusMake.Answer(whole, null, (Make.Aws, 1, 0)));
        Assert.Contains("ResolvedRefs=True/ResolvedRefs", status.Conditions.Select(Text));
        Assert.Equal(["Accepted=True/Accepted", "ResolvedRefs=True/ResolvedRefs", "Conflict=False/NoConflicts"], Assert.Single(status.Clusters).Conditions.Select(Text));
    }

    [Fact]
    public void A_FederatedIngress_of_another_class_or_of_a_member_not_heard_is_left_alone()
    {
        var federated = StatusMake.Federated();
        IngressCopy copy = new(StatusMake.Home, federated.Template!, ClassVerdict.Foreign, [], []) { Federated = federated, HasIngress = false };
        Assert.Null(StatusMake.Verdict(copy).Federated);
        var merge = Federation.Ingresses.IngressFederation.Merge(
            StatusMake.Shop, [copy with { Class = ClassVerdict.Ours }], Now, Federation.Ingresses.FederationContext.Default, []);
        Assert.NotNull(IngressVerdict.Of(merge, [], [copy with { Class = ClassVerdict.Ours }], static _ => true)!.Federated);
        Assert.Null(IngressVerdict.Of(merge, [], [copy with { Class = ClassVerdict.Ours }], static _ => false)!.Federated);
    }

    [Fact]
    public void An_invalid_one_is_not_accepted_and_promises_nothing()
    {
        var verdict = StatusMake.Verdict(StatusMake.Federated() with { Reference = new FederatedReference("networking.k8s.io/v1", "Ingress", "shop") });
        var status = Status(verdict, StatusMake.Answer(verdict));
        Assert.StartsWith("Accepted=False/", Text(status.Conditions[0]), StringComparison.Ordinal);
        Assert.DoesNotContain(status.Conditions, static condition => condition.Type == "ResolvedRefs");
        Assert.Empty(status.Addresses);
    }

    private static FederatedStatus Status(IngressVerdict verdict, SurveyAnswer answer, TimeSpan stale = default) => FederatedStatusRules.Of(
        verdict, new StatusFacts(answer, Programmed, StatusMake.Addresses, answer.Members.Keys.ToDictionary(static name => name, _ => Now - stale), Now));

    private static ClusterSpec Spec(string name, string text) => text.Split(' ') is [var weight, var priority, var state]
        ? new ClusterSpec(name, int.Parse(weight, null), int.Parse(priority, null), state)
        : throw new ArgumentException(text, nameof(text));

    private static MemberTraits InRegion(string region) =>
        MemberTraits.Default with { Labels = Model.Collections.EquatableMap.From([new(MemberTraits.RegionLabel, region)]) };

    private static string Text(StatusStatement item) => $"{item.Type}={(item.Status is { } known ? known.ToString() : "Unknown")}/{item.Reason}";

    private static string Text(ClusterReport item) => $"{item.Cluster} {item.Region} {item.Ready}/{item.Total} {item.EffectiveWeight}%";
}
