using MultiCluster.Cluster.Membership;

namespace MultiCluster.Cluster.Tests.Scenarios;

public sealed class ShardRangesTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("5", "5")]
    [InlineData("2,1,0", "0-2")]
    [InlineData("9,0,1,3,3,10", "0-1, 3, 9-10")]
    public void Neighbours_are_named_together(string shards, string text) =>
        Assert.Equal(text, ShardRanges.Of(shards.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static number => int.Parse(number, System.Globalization.CultureInfo.InvariantCulture))));
}
