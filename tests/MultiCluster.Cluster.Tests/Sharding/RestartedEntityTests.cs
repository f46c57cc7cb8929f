using MultiCluster.Cluster.Delivery;
using MultiCluster.Cluster.Tests.Simulation;

namespace MultiCluster.Cluster.Tests.Sharding;

/// <summary>An entity that has failed remembers nothing, and asks its sources for what they have told.</summary>
public sealed class RestartedEntityTests
{
    /// <summary>The source had told the incarnation before, and completes before it reads the question.</summary>
    [Fact]
    public async Task It_asks_on_when_a_source_completes_that_names_it()
    {
        await using var shard = new ShardHarness(seed: 1);
        shard.Batch("an object");
        shard.Complete(ShardHarness.Key);
        shard.Letter(1);
        shard.Run();
        shard.TakeSent<object>();
        Poison(shard);
        Assert.Single(shard.TakeSent<DeliveryProtocol.Resend>());

        shard.Complete(ShardHarness.Key);
        shard.Advance(TimeSpan.FromSeconds(2));
        Assert.NotEmpty(shard.TakeSent<DeliveryProtocol.Resend>());
        shard.Batch("an object");
        shard.Run();
        shard.TakeSent<object>();
        shard.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(shard.TakeSent<DeliveryProtocol.Resend>());
    }

    [Fact]
    public async Task It_is_told_of_its_absence_by_a_source_that_completes_without_it()
    {
        await using var shard = new ShardHarness(seed: 1);
        shard.Batch("an object");
        shard.Complete(ShardHarness.Key);
        shard.Run();
        Poison(shard);
        shard.TakeSent<object>();
        shard.Complete();
        shard.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(shard.TakeSent<DeliveryProtocol.Resend>());
        Assert.Contains(shard.Lives[^1], static message => message is DeliveryProtocol.Observed { Payload: null, Sequence: 0 });
    }

    private static void Poison(ShardHarness shard)
    {
        shard.Shard.Tell(new Cluster.Sharding.ShardingProtocol.Deliver(ShardHarness.Key, new SimEntity.Poison(), Starts: true));
        shard.Run();
        shard.Advance(TimeSpan.FromMilliseconds(500));
        Assert.True(shard.Lives.Count > 1, "the entity was not started again");
    }
}
