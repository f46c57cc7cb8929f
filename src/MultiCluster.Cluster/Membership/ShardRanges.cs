using System.Globalization;

namespace MultiCluster.Cluster.Membership;

/// <summary>Numbers of shards for people: <c>0-3, 7, 9-12</c>.</summary>
internal static class ShardRanges
{
    public static string Of(IEnumerable<int> shards)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (var shard in shards.Order())
        {
            if (ranges is [.., var last] && shard <= last.Last + 1)
                ranges[^1] = (last.First, shard);
            else
                ranges.Add((shard, shard));
        }

        return string.Join(", ", ranges.Select(static range => range.First == range.Last
            ? range.First.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{range.First}-{range.Last}")));
    }
}
