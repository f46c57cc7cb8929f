using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Policies;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Tests.Policies;

public sealed class AnnotationTests
{
    private static TrafficPolicy? PolicyOf(params (string Name, string Value)[] annotations) =>
        Federate.Merge(Federate.Shop.With(annotations).CopyIn(Make.Aws), Federate.Shop.CopyIn(Make.Gcp)).Fragment!.Traffic;

    [Fact]
    public void Without_annotations_of_ours_there_is_no_policy()
    {
        Assert.Null(PolicyOf());
        Assert.Null(PolicyOf(("example.com/cluster-weights", "aws=1")));
        Assert.Null(PolicyOf(("federate", "true"), ("staleness", "Retain"), ("min-clusters", "2")));
    }

    public static TheoryData<string, string, TrafficPolicy> Good => new()
    {
        { "cluster-weights", " aws=80 , gcp = 20", new TrafficPolicy { Clusters = [new(Make.Aws, 80), new(Make.Gcp, 20)] } },
        { "cluster-priorities", "aws=0,gcp=1", new TrafficPolicy { Clusters = [new(Make.Aws), new(Make.Gcp, 1, 1)] } },
        { "primary-cluster", "gcp", new TrafficPolicy { Clusters = [new(Make.Aws, 1, 1), new(Make.Gcp), new(Federate.Lab, 1, 1)] } },
        { "cluster-state", "gcp=Drain", new TrafficPolicy { Clusters = [new(Make.Gcp, 1, 0, MemberState.Drain)] } },
        { "traffic-distribution", "PreferSameRegion", new TrafficPolicy { Distribution = TrafficDistribution.PreferSameRegion } },
        { "traffic-distribution", "None", new TrafficPolicy() },
        { "failover-threshold", "50", new TrafficPolicy { HealthThresholdPercent = 50 } },
        { "min-healthy-endpoints", "3", new TrafficPolicy { MinHealthyEndpoints = 3 } },
        { "failback-delay", "60s", new TrafficPolicy { FailbackDelay = TimeSpan.FromMinutes(1) } },
        { "max-connections-per-endpoint", "200", new TrafficPolicy { MaxConnectionsPerEndpoint = 200 } },
        { "slow-start", "30s", new TrafficPolicy { SlowStart = TimeSpan.FromSeconds(30) } },
        { "load-balancing", "LeastConnections", new TrafficPolicy { Balance = LoadBalancing.LeastConnections } },
        { "session-affinity", "Cookie", new TrafficPolicy { SessionAffinity = true } },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void An_annotation_is_a_part_of_a_policy(string name, string value, TrafficPolicy expected)
    {
        Assert.Equal(expected, PolicyOf((name, value)));
        Assert.Contains(PolicyAnnotations.Prefix + name, PolicyAnnotations.All);
    }

    [Fact]
    public void Weights_priorities_and_states_combine_and_a_written_priority_comes_before_the_primary() => Assert.Equal(
        [new ClusterTraffic(Make.Aws, 80), new ClusterTraffic(Make.Gcp, 20, 5, MemberState.Drain), new ClusterTraffic(Federate.Lab, 1, 1)],
        PolicyOf(("cluster-weights", "aws=80,gcp=20"), ("primary-cluster", "aws"), ("cluster-priorities", "gcp=5"), ("cluster-state", "gcp=Drain"))!.Clusters);

    [Theory]
    [InlineData("cluster-weights", "aws", "holds \"aws\"; write entries such as aws-1=80,gcp-1=20")]
    [InlineData("cluster-weights", "aws=80,,gcp=20", "holds \"\"")]
    [InlineData("cluster-weights", "aws=x", "is \"x\" for \"aws\", which is no whole number")]
    [InlineData("cluster-weights", "aws=-5", "is -5 for \"aws\"; write 0 to 1000000")]
    [InlineData("cluster-weights", "aws=1,aws=2", "names \"aws\" again")]
    [InlineData("cluster-weights", "lost=5", "names \"lost\", and there is no such cluster; there are aws, gcp, lab")]
    [InlineData("cluster-weights", "", "is empty; write one such as aws-1=80,gcp-1=20, or remove it")]
    [InlineData("primary-cluster", "lost", "no such cluster")]
    [InlineData("cluster-state", "aws=Off", "write Active, Drain or Disabled")]
    [InlineData("failover-threshold", "70%", "is \"70%\", which is no whole number")]
    [InlineData("failover-threshold", "0", "write 1 to 100")]
    [InlineData("slow-start", "soon", "is no duration")]
    [InlineData("session-affinity", "yes", "write None or Cookie")]
    [InlineData("staleness", "Forget", "write Retain or Expire")]
    [InlineData("stale-ttl", "1h", "counts with policy Expire only")]
    [InlineData("min-clusters", "0", "write 1 to 1000")]
    public void A_bad_value_costs_itself_and_names_its_annotation(string name, string value, string expected)
    {
        var merge = Federate.Merge(Federate.Shop.With((name, value), ("load-balancing", "LeastConnections")).CopyIn(Make.Aws), Federate.Shop.CopyIn(Make.Gcp));

        var condition = merge.Find(ConditionType.PartiallyInvalid)!;
        Assert.Contains($"aws: Ingress web/shop: annotation {PolicyAnnotations.Prefix}{name} ", condition.Message, StringComparison.Ordinal);
        Assert.Contains(expected, condition.Message, StringComparison.Ordinal);
        Assert.Null(merge.Find(ConditionType.PartiallyInvalid, Make.Gcp));
        Assert.Equal(LoadBalancing.LeastConnections, merge.Fragment!.Traffic!.Balance);
        Assert.Single(merge.Fragment.Routes);
    }

    /// <summary>Half of a policy would be another one: with the weight of one cluster left out nearly all requests would go to the other.</summary>
    [Theory]
    [InlineData("aws=-80,gcp=20")]
    [InlineData("aws=8O,gcp=20")]
    [InlineData("aws=80%,gcp=20%")]
    [InlineData("aws=80,gpc=20")]
    [InlineData("aws=80,aws=20")]
    [InlineData("")]
    public void While_a_value_is_bad_the_policy_before_it_counts_and_that_is_said(string weights)
    {
        var before = Federate.Merge(Federate.Shop.With(("cluster-weights", "aws=80,gcp=20")).CopyIn(Make.Aws), Federate.Shop.CopyIn(Make.Gcp)).Fragment!.Traffic!;
        var bad = Again(before, ("cluster-weights", weights), ("load-balancing", "LeastConnections"));
        Assert.Equal(before, bad.Fragment!.Traffic);
        Assert.EndsWith("Until that is mended the policy before it counts, unchanged", bad.Find(ConditionType.PartiallyInvalid)!.Message, StringComparison.Ordinal);

        var mended = Again(before, ("cluster-weights", "aws=50,gcp=50"));
        Assert.Equal(50, mended.Fragment!.Traffic!.Of(Make.Aws).Weight);
        Assert.Null(mended.Find(ConditionType.PartiallyInvalid));
        Assert.Null(Again(before).Fragment!.Traffic);

        static IngressMerge Again(TrafficPolicy before, params (string Name, string Value)[] annotations) => IngressFederation.Merge(
            Make.Shop, [Federate.Shop.With(annotations).CopyIn(Make.Aws), Federate.Shop.CopyIn(Make.Gcp)], Make.Now, Federate.Three, [], before: before);
    }

    [Fact]
    public void A_bad_value_alone_brings_no_policy_about() => Assert.Null(PolicyOf(("slow-start", "soon"), ("cluster-weights", "lost=4")));

    [Theory]
    [InlineData("cluster-weight", "did you mean multicluster-ingress.github.io/cluster-weights?")]
    [InlineData("Federate", "did you mean multicluster-ingress.github.io/federate?")]
    [InlineData("banana-split-with-cream", "is unknown and has no effect; remove it")]
    public void An_unknown_annotation_is_told_with_a_suggestion(string name, string expected)
    {
        var merge = Federate.Merge(Federate.Shop.With((name, "x")).CopyIn(Make.Aws));

        Assert.Contains(expected, merge.Find(ConditionType.PartiallyInvalid)!.Message, StringComparison.Ordinal);
        Assert.Null(merge.Fragment!.Traffic);
        Assert.Equal(["aws"], merge.Members());
    }

    [Fact]
    public void Of_each_annotation_the_oldest_copy_that_has_it_counts_and_the_other_is_a_conflict_everywhere()
    {
        var younger = Federate.Shop.With(("cluster-weights", "aws=1,gcp=1"), ("slow-start", "10s")).CreatedOn(2).CopyIn(Make.Aws);
        var older = Federate.Shop.With(("cluster-weights", "aws=80,gcp=20")).CreatedOn(1).CopyIn(Make.Gcp);

        var merge = Federate.Merge(younger, older);

        Assert.Equal([new ClusterTraffic(Make.Aws, 80), new ClusterTraffic(Make.Gcp, 20)], merge.Fragment!.Traffic!.Clusters);
        Assert.Equal(TimeSpan.FromSeconds(10), merge.Fragment.Traffic.SlowStart);
        foreach (var member in (Model.Identity.MemberName[])[Make.Aws, Make.Gcp])
        {
            var conflict = merge.Find(ConditionType.Conflict, member)!;
            Assert.Equal((true, Reasons.AnnotationConflict), (conflict.Status, conflict.Reason));
            Assert.Contains(
                "annotation multicluster-ingress.github.io/cluster-weights is \"aws=80,gcp=20\" as in gcp, which ranks first; aws says \"aws=1,gcp=1\", which is ignored",
                conflict.Message,
                StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("cluster-weights", "aws=0,gcp=0")]
    [InlineData("cluster-state", "aws=Drain,gcp=Disabled")]
    public void No_share_for_any_member_is_allowed_and_told(string name, string value)
    {
        var merge = Federate.Merge(Federate.Shop.With((name, value)).CopyIn(Make.Aws), Federate.Shop.CopyIn(Make.Gcp));

        Assert.Equal(Reasons.NoWeight, merge.Find(ConditionType.PartiallyInvalid)!.Reason);
        Assert.Contains("503", merge.Find(ConditionType.PartiallyInvalid)!.Message, StringComparison.Ordinal);
        Assert.Equal(["aws", "gcp"], merge.Members());
    }

    [Theory]
    [InlineData(FederationMode.All, null, true)]
    [InlineData(FederationMode.All, "true", true)]
    [InlineData(FederationMode.All, "false", false)]
    [InlineData(FederationMode.Annotated, null, false)]
    [InlineData(FederationMode.Annotated, "true", true)]
    [InlineData(FederationMode.Annotated, "false", false)]
    [InlineData(FederationMode.Annotated, "yes", false)]
    public void XT11_a_copy_is_merged_as_the_mode_and_its_annotation_say(FederationMode mode, string? federate, bool merged)
    {
        var ingress = federate is null ? Federate.Shop : Federate.Shop.With(("federate", federate));

        var merge = Federate.Merge(Federate.Three with { Mode = mode }, Federate.Shop.With(("federate", "true")).CopyIn(Make.Aws), ingress.CopyIn(Make.Gcp));

        Assert.Equal(merged ? ["aws", "gcp"] : ["aws"], merge.Members());
        var accepted = merge.Find(ConditionType.Accepted, Make.Gcp)!;
        Assert.Equal((merged, merged ? Reasons.Accepted : Reasons.NotOptedIn), (accepted.Status, accepted.Reason));
    }

    [Fact]
    public void Hostile_values_are_told_in_short_printable_messages()
    {
        foreach (var value in (string[])[new('a', 65_536), string.Join(',', Enumerable.Repeat("aws=1", 2_000)), "\0\r\n\u202E", "=", "==,=", "aws=99999999999999999999", "\uD800=1"])
        {
            foreach (var name in PolicyAnnotations.All.Append(PolicyAnnotations.Prefix + value))
            {
                var merge = Federate.Merge(Federate.Shop.With((name, value)).CopyIn(Make.Aws), Federate.Shop.With((name, "1")).CreatedOn(2).CopyIn(Make.Gcp));

                Assert.All(merge.Fragment!.Conditions, static item => Assert.DoesNotContain(item.Condition.Message, static c => c is < ' ' or > '~'));
                Assert.All(merge.Fragment.Conditions, static item => Assert.InRange(item.Condition.Message.Length, 1, 4096));
                Assert.NotEmpty(merge.Fragment.Routes);
            }
        }
    }
}
