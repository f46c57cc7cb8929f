using MultiCluster.Cluster.Delivery;
using MultiCluster.Cluster.Replication;

namespace MultiCluster.Cluster.Tests.Sharding;

/// <summary>Sources come and go while entities run.</summary>
public sealed class SourcesChangedTests
{
    private const string Other = "member:m2";

    [Fact]
    public async Task A_source_that_is_merely_gone_keeps_what_it_had_and_stops()
    {
        await using var shard = Told();
        shard.Configure([], []);
        Assert.DoesNotContain(shard.Lives[^1], IsAbsence);
        Assert.DoesNotContain(ShardHarness.Source, await shard.RunningAsync());
    }

    [Fact]
    public async Task A_source_that_was_taken_out_has_nothing_any_more()
    {
        await using var shard = Told();
        shard.Configure([], [ShardHarness.Source]);
        Assert.Single(shard.Lives[^1], IsAbsence);
        shard.Configure([Other], [ShardHarness.Source]);
        Assert.Single(shard.Lives[^1], IsAbsence);
    }

    [Fact]
    public async Task What_a_source_says_after_it_was_taken_out_counts_no_more()
    {
        await using var shard = Told();
        shard.Configure([], [ShardHarness.Source]);
        shard.TakeSent<object>();
        var before = shard.Lives[^1].Count;
        shard.Batch("another object");
        shard.Run();
        Assert.Equal(before, shard.Lives[^1].Count);
        Assert.Empty(shard.TakeSent<DeliveryProtocol.FromShard>());
    }

    [Fact]
    public async Task A_source_that_comes_back_is_heard()
    {
        await using var shard = Told();
        shard.Configure([], [ShardHarness.Source]);
        shard.Configure([ShardHarness.Source], []);
        shard.Batch("another object");
        shard.Run();
        Assert.Contains(shard.Lives[^1], static message => message is DeliveryProtocol.Observed { Payload: "another object" });
    }

    [Fact]
    public async Task What_is_recovered_later_does_not_have_its_copies()
    {
        await using var shard = new ShardHarness(1, new TableEntry(ShardHarness.Key, new TableVersion(6, 1), "recovered"));
        shard.Configure([], [Other]);
        Assert.Contains(shard.Lives[^1], static message => message is DeliveryProtocol.Observed { Source: Other, Payload: null });
    }

    [Fact]
    public async Task A_new_source_starts_although_a_message_came_before_it()
    {
        await using var shard = new ShardHarness(1);
        shard.LetterTo(Other);
        shard.Run();
        Assert.Single(shard.Started, static key => key == Other);
        shard.Configure([ShardHarness.Source, Other], []);
        Assert.Equal(2, shard.Started.Count(static key => key == Other));
        Assert.Contains(Other, await shard.RunningAsync());
    }

    private static bool IsAbsence(object message) => message is DeliveryProtocol.Observed { Source: ShardHarness.Source, Payload: null, Sequence: 0 };

    private static ShardHarness Told()
    {
        var shard = new ShardHarness(1);
        shard.Batch("an object");
        shard.Complete(ShardHarness.Key);
        shard.Run();
        return shard;
    }
}
