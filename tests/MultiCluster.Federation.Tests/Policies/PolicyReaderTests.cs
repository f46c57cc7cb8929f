using FsCheck;
using FsCheck.Fluent;
using MultiCluster.Federation.Policies;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Tests.Policies;

public sealed class PolicyReaderTests
{
    private static readonly MemberName[] Known = [Make.Aws, Make.Gcp];

    [Fact]
    public void A_good_policy_is_read_whole()
    {
        var reading = PolicyReader.Read(
            new TrafficSpec
            {
                Clusters = [new ClusterSpec("gcp", 20, 1, "Drain"), new ClusterSpec("aws", 80, null, null)],
                TrafficDistribution = "PreferSameZone",
                HealthThresholdPercent = 100,
                MinHealthyEndpoints = 2,
                FailbackDelay = "5m",
                MaxConnectionsPerEndpoint = 200,
                SlowStart = "1h30m",
                LoadBalancing = "LeastConnections",
                SessionAffinity = "Cookie",
            },
            Known);

        Assert.Empty(reading.Problems);
        Assert.Equal(
            new TrafficPolicy
            {
                Clusters = [new ClusterTraffic(Make.Aws, 80), new ClusterTraffic(Make.Gcp, 20, 1, MemberState.Drain)],
                Distribution = TrafficDistribution.PreferSameZone,
                HealthThresholdPercent = 100,
                MinHealthyEndpoints = 2,
                FailbackDelay = TimeSpan.FromMinutes(5),
                MaxConnectionsPerEndpoint = 200,
                SlowStart = TimeSpan.FromMinutes(90),
                Balance = LoadBalancing.LeastConnections,
                SessionAffinity = true,
            },
            reading.Policy);
    }

    public static TheoryData<TrafficSpec, string, string> Bad => new()
    {
        { Of("lost", 1), Reasons.UnknownCluster, "spec.trafficPolicy.clusters[0].cluster names \"lost\", and there is no such cluster; there are aws, gcp; name one of them, or remove the name" },
        { Of("A b", 1), Reasons.InvalidPolicy, "names \"A b\", which can't be a cluster's name; write a DNS label" },
        { Of("aws", -1), Reasons.InvalidPolicy, "spec.trafficPolicy.clusters[0].weight is -1 for \"aws\"; write 0 to 1000000" },
        { Of("aws", 1_000_001), Reasons.InvalidPolicy, "is 1000001 for \"aws\"; write 0 to 1000000" },
        { Of("aws", 1, 16), Reasons.InvalidPolicy, "spec.trafficPolicy.clusters[0].priority is 16 for \"aws\"; write 0 to 15" },
        { Of("aws", 1, 0, "drain"), Reasons.InvalidPolicy, "is \"drain\" for \"aws\", which is unknown; write Active, Drain or Disabled" },
        { new TrafficSpec { HealthThresholdPercent = 0 }, Reasons.InvalidPolicy, "healthThresholdPercent is 0; write 1 to 100" },
        { new TrafficSpec { HealthThresholdPercent = 101 }, Reasons.InvalidPolicy, "healthThresholdPercent is 101; write 1 to 100" },
        { new TrafficSpec { MinHealthyEndpoints = 0 }, Reasons.InvalidPolicy, "minHealthyEndpoints is 0" },
        { new TrafficSpec { MaxConnectionsPerEndpoint = -1 }, Reasons.InvalidPolicy, "maxConnectionsPerEndpoint is -1" },
        { new TrafficSpec { TrafficDistribution = "PreferClose" }, Reasons.InvalidPolicy, "write None, PreferSameZone or PreferSameRegion" },
        { new TrafficSpec { LoadBalancing = "random" }, Reasons.InvalidPolicy, "write RoundRobin or LeastConnections" },
        { new TrafficSpec { SessionAffinity = "1" }, Reasons.InvalidPolicy, "write None or Cookie" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_bad_value_keeps_its_default_and_is_told(TrafficSpec spec, string reason, string expected)
    {
        var reading = PolicyReader.Read(spec, Known);

        var problem = Assert.Single(reading.Problems);
        Assert.Equal(reason, problem.Reason);
        Assert.Contains(expected, problem.ToString(), StringComparison.Ordinal);
        Assert.Equal(new TrafficPolicy(), reading.Policy with { Clusters = reading.Policy.Clusters.Where(static one => one != new ClusterTraffic(one.Member)).ToEquatableArray() });
    }

    [Fact]
    public void The_rest_of_a_cluster_and_of_the_policy_counts()
    {
        var reading = PolicyReader.Read(
            new TrafficSpec { Clusters = [new ClusterSpec("lost", 5, 0, null), new ClusterSpec("aws", -1, 3, "Drain"), new ClusterSpec("aws", 7, 0, null), new ClusterSpec("gcp", 7, 0, null)] },
            Known);

        Assert.Equal([new ClusterTraffic(Make.Aws, 1, 3, MemberState.Drain), new ClusterTraffic(Make.Gcp, 7)], reading.Policy.Clusters);
        Assert.Equal(3, reading.Problems.Count);
        Assert.Contains(reading.Problems, static problem => problem.ToString().Contains("clusters[2].cluster names \"aws\" again; the first counts", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_nobody_knows_the_members_every_name_goes() =>
        Assert.Empty(PolicyReader.Read(new TrafficSpec { Clusters = [new ClusterSpec("lost", 5, 0, null)] }, null).Problems);

    [Theory]
    [InlineData("30s", 30_000)]
    [InlineData("5m", 300_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("500ms", 500)]
    [InlineData("1h30m5s10ms", 5_405_010)]
    [InlineData("24h", 86_400_000)]
    [InlineData("0s", 0)]
    public void Durations_are_read(string text, int milliseconds)
    {
        var reading = PolicyReader.Read(new TrafficSpec { SlowStart = text }, Known);

        Assert.Empty(reading.Problems);
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), reading.Policy.SlowStart);
    }

    [Theory]
    [InlineData("30")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("1.5h")]
    [InlineData("5 m")]
    [InlineData("1d")]
    [InlineData("25h")]
    [InlineData("99999h99999h")]
    [InlineData("100000s")]
    [InlineData("1h1h1h1h1h")]
    [InlineData("1S")]
    [InlineData("٣s")]
    public void Bad_durations_are_told(string text)
    {
        var reading = PolicyReader.Read(new TrafficSpec { FailbackDelay = text }, Known);

        Assert.Equal(TimeSpan.Zero, reading.Policy.FailbackDelay);
        Assert.StartsWith("spec.trafficPolicy.failover.failbackDelay is ", Assert.Single(reading.Problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Anything_written_gives_a_policy_in_range() => Prop.ForAll<string?, int, int>(static (text, weight, number) =>
    {
        var spec = new TrafficSpec
        {
            Clusters = [new ClusterSpec(text!, weight, number, text), new ClusterSpec("aws", number, weight, text)],
            TrafficDistribution = text,
            HealthThresholdPercent = number,
            MinHealthyEndpoints = weight,
            FailbackDelay = text,
            MaxConnectionsPerEndpoint = number,
            SlowStart = text,
            LoadBalancing = text,
            SessionAffinity = text,
        };

        var (policy, problems) = PolicyReader.Read(spec, Known);

        Assert.InRange(policy.HealthThresholdPercent, 1, 100);
        Assert.InRange(policy.MinHealthyEndpoints, 1, PolicyReader.MaxEndpoints);
        Assert.InRange(policy.MaxConnectionsPerEndpoint, 0, PolicyReader.MaxConnections);
        Assert.All(policy.Clusters, static cluster => Assert.True(cluster is { Weight: >= 0 and <= ClusterTraffic.MaxWeight, Priority: >= 0 and <= ClusterTraffic.MaxPriority }));
        Assert.All(problems, static problem => Assert.DoesNotContain(problem.ToString(), static c => c is < ' ' or > '~'));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("Expire", "1h", 2, 3600, 2, null)]
    [InlineData("Retain", null, null, 0, 1, null)]
    [InlineData("Expire", null, null, 0, 1, "policy Expire never expires anything")]
    [InlineData("Expire", "0s", null, 0, 1, "policy Expire never expires anything")]
    [InlineData("Retain", "1h", null, 0, 1, "counts with policy Expire only")]
    [InlineData("Forget", null, null, 0, 1, "write Retain or Expire")]
    [InlineData("Expire", "1h", 0, 3600, 1, "minClusters is 0; write 1 to 1000")]
    public void Staleness_is_read(string? policy, string? ttl, int? minClusters, int seconds, int least, string? problem)
    {
        var reading = PolicyReader.Read(new StalenessSpec(policy, ttl, minClusters));

        Assert.Equal(new StalenessPolicy(TimeSpan.FromSeconds(seconds), least), reading.Policy);
        if (problem is null)
            Assert.Empty(reading.Problems);
        else
            Assert.Contains(problem, Assert.Single(reading.Problems).ToString(), StringComparison.Ordinal);
    }

    private static TrafficSpec Of(string cluster, int? weight, int? priority = null, string? state = null) =>
        new() { Clusters = [new ClusterSpec(cluster, weight, priority, state)] };
}
