using MultiCluster.Cluster.Replication;
using MultiCluster.Cluster.Sharding;

namespace MultiCluster.Cluster.Tests.Sharding;

/// <summary>A replica elsewhere held what an owner before had published, and neither this one's replica nor the journal knew.</summary>
public sealed class ForeignEntryTests
{
    private static readonly TableEntry Entry = new(ShardHarness.Key, new TableVersion(3, 1), "published before");

    [Fact]
    public async Task An_entity_that_is_started_for_it_has_to_write_it_down()
    {
        await using var shard = new ShardHarness(seed: 1);
        shard.Shard.Tell(new TableProtocol.Foreign(Entry));
        shard.Run();
        Assert.False(Assert.Single(shard.Starts).IsStored);
    }

    [Fact]
    public async Task An_entity_that_runs_is_told_of_it_and_that_it_is_not_written_down()
    {
        await using var shard = new ShardHarness(seed: 1);
        shard.Batch("an object");
        shard.Shard.Tell(new TableProtocol.Foreign(Entry));
        shard.Run();
        Assert.Equal(
            [new ShardingProtocol.TableHolds(Entry), ShardingProtocol.NotStored.Instance],
            Assert.Single(shard.Lives).Where(static told => told is ShardingProtocol.TableHolds or ShardingProtocol.NotStored));
    }

    [Fact]
    public async Task A_deletion_of_what_nobody_has_starts_nothing()
    {
        await using var shard = new ShardHarness(seed: 1);
        shard.Shard.Tell(new TableProtocol.Foreign(Entry with { Payload = null }));
        shard.Run();
        Assert.Empty(shard.Starts);
    }
}
