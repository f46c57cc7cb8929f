using MultiCluster.Cluster.Delivery;

namespace MultiCluster.Cluster.Tests.Sharding;

/// <summary>Two lives of one source, of which the later one counts.</summary>
public sealed class SourceGenerationTests
{
    /// <summary>What the later one has on its way may be older, and would take it back.</summary>
    [Fact]
    public async Task What_a_life_before_says_is_not_taken_once_the_later_one_has_spoken()
    {
        await using var shard = new ShardHarness(seed: 1);
        shard.OpenAnew();
        shard.Batch("of the life before");
        shard.Run();
        Assert.Empty(shard.Lives);
        Assert.DoesNotContain(shard.TakeSent<DeliveryProtocol.Taken>(), static taken => taken.Generation == new SourceGeneration(1, 1));
    }

    [Fact]
    public async Task Until_then_it_is()
    {
        await using var shard = new ShardHarness(seed: 1);
        shard.Batch("of the life before");
        shard.OpenAnew();
        shard.Run();
        Assert.Equal("of the life before", Assert.Single(Assert.Single(shard.Lives).OfType<DeliveryProtocol.Observed>()).Payload);
    }
}
