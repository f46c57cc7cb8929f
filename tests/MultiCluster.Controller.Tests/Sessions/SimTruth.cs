using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Tests.Sessions;

/// <summary>All that owners ever published, shard by shard in the order of versions.</summary>
internal sealed class SimTruth(Random random, int shards, Func<EntityId, int> shardOf)
{
    private readonly List<FragmentUpdate>[] _published = [.. Enumerable.Range(0, shards).Select(static _ => new List<FragmentUpdate>())];
    private readonly Dictionary<EntityId, FragmentUpdate> _newest = [];
    private readonly long[] _epochs = [.. Enumerable.Repeat(1L, shards)];
    private readonly long[] _numbers = new long[shards];

    public IEnumerable<FragmentUpdate> Live => _newest.Values.Where(static row => row.Fragment is not null);

    public IReadOnlyList<FragmentUpdate> Published(int shard) => _published[shard];

    public FragmentUpdate Publish()
    {
        var name = $"i{random.Next(12)}";
        var shard = shardOf(Rows.Id(name));
        if (random.Next(15) == 0)
            (_epochs[shard], _numbers[shard]) = (_epochs[shard] + 1, 0);
        var (epoch, number) = (_epochs[shard], ++_numbers[shard]);
        var update = random.Next(4) == 0 ? Rows.Tombstone(name, epoch, number) : Rows.Live(name, epoch, number, $"s{random.Next(3)}");
        _published[shard].Add(update);
        _newest[update.Entity] = update;
        return update;
    }

    public bool WasDeletedAfter(FragmentUpdate row) =>
        _published[shardOf(row.Entity)].Any(other => other.Entity == row.Entity && other.Version > row.Version && other.Fragment is null);
}
