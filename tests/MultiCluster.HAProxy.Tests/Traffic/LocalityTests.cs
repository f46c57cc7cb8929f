using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Traffic;

namespace MultiCluster.HAProxy.Tests.Traffic;

public sealed class LocalityTests
{
    [Theory]
    [InlineData(TrafficDistribution.None, "eu", "eu-a", "eu", "eu-a", LocalityTier.Any)]
    [InlineData(TrafficDistribution.PreferSameZone, "eu", "eu-a", "eu", "eu-a", LocalityTier.Zone)]
    [InlineData(TrafficDistribution.PreferSameZone, "eu", "eu-a", "eu", "eu-b", LocalityTier.Region)]
    [InlineData(TrafficDistribution.PreferSameZone, "eu", "eu-a", "us", "us-a", LocalityTier.Other)]
    [InlineData(TrafficDistribution.PreferSameZone, "eu", "a", "us", "a", LocalityTier.Other)]
    [InlineData(TrafficDistribution.PreferSameZone, "eu", "eu-a", "", "eu-a", LocalityTier.Zone)]
    [InlineData(TrafficDistribution.PreferSameZone, "", "eu-a", "eu", "eu-a", LocalityTier.Zone)]
    [InlineData(TrafficDistribution.PreferSameZone, "eu", "eu-a", "", "eu-b", LocalityTier.Other)]
    [InlineData(TrafficDistribution.PreferSameZone, "eu", "eu-a", "eu", "", LocalityTier.Region)]
    [InlineData(TrafficDistribution.PreferSameZone, "eu", "eu-a", "", "", LocalityTier.Unknown)]
    [InlineData(TrafficDistribution.PreferSameRegion, "eu", "eu-a", "eu", "eu-b", LocalityTier.Region)]
    [InlineData(TrafficDistribution.PreferSameRegion, "eu", "eu-a", "us", "us-a", LocalityTier.Other)]
    [InlineData(TrafficDistribution.PreferSameRegion, "eu", "eu-a", "", "eu-a", LocalityTier.Unknown)]
    public void Places_are_compared(TrafficDistribution distribution, string ourRegion, string ourZone, string region, string zone, LocalityTier tier)
    {
        var labels = EquatableMap.From((IEnumerable<KeyValuePair<string, string>>)
            (region.Length == 0 ? [] : [KeyValuePair.Create(MemberTraits.RegionLabel, region)]));
        Assert.Equal(tier, new ProxyLocality(ourRegion, ourZone).TierOf(distribution, MemberTraits.Default with { Labels = labels }, zone));
    }

    [Fact]
    public void An_endpoint_that_names_no_zone_is_in_its_members()
    {
        var member = MemberTraits.Default with { Labels = EquatableMap.From((IEnumerable<KeyValuePair<string, string>>)[KeyValuePair.Create(MemberTraits.ZoneLabel, "eu-a")]) };
        Assert.Equal(LocalityTier.Zone, new ProxyLocality("eu", "eu-a").TierOf(TrafficDistribution.PreferSameZone, member, ""));
    }
}
