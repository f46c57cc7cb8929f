using MultiCluster.Cluster.Delivery;
using MultiCluster.Cluster.Replication;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Cluster.Tests.Simulation;

namespace MultiCluster.Cluster.Tests.Sharding;

/// <summary>An entity that owns nothing stops, and nobody who writes to it meanwhile is the worse for it. Each in many orders of events.</summary>
public sealed class PassivationTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task One_that_owns_nothing_stops_and_the_next_message_starts_another(int seed)
    {
        await using var shard = new ShardHarness(seed);
        shard.Letter(1);
        shard.AskToStop();
        shard.Run();
        Assert.Equal([new Letter(1), new ShardingProtocol.MayStop()], Assert.Single(shard.Lives));
        shard.Letter(2);
        shard.Run();
        Assert.Equal(2, shard.Lives.Count);
        Assert.Equal([new Letter(2)], shard.Lives[1]);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_message_that_comes_while_it_stops_starts_another(int seed)
    {
        await using var shard = new ShardHarness(seed);
        shard.Letter(1);
        shard.AskToStop();
        shard.Letter(2);
        shard.Letter(3);
        shard.AskToStop();
        shard.Run();
        Assert.Equal(2, shard.Lives.Count);
        Assert.Equal([new Letter(1), new ShardingProtocol.MayStop()], shard.Lives[0]);
        Assert.Equal([new Letter(2), new Letter(3)], shard.Lives[1]);
    }

    /// <summary>It could not know whether the entity will be there.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_question_to_one_that_runs_starts_none_if_it_comes_while_that_one_stops(int seed)
    {
        await using var shard = new ShardHarness(seed);
        shard.Letter(1);
        shard.AskToStop();
        shard.Letter(2, starts: false);
        shard.Run();
        Assert.Single(shard.Lives);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task One_that_stays_gets_what_came_meanwhile_in_order_and_before_what_comes_later(int seed)
    {
        await using var shard = new ShardHarness(seed);
        shard.Batch("an object");
        shard.AskToStop();
        for (var number = 1; number <= 10; number++)
        {
            shard.Letter(number);
            if (number == 5)
                shard.Run();
        }
        shard.Run();
        Assert.Equal(Enumerable.Range(1, 10), Assert.Single(shard.Lives).OfType<Letter>().Select(static letter => letter.Number));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task An_object_that_comes_while_it_stops_is_owned(int seed)
    {
        await using var shard = new ShardHarness(seed);
        shard.Letter(1);
        shard.AskToStop();
        shard.Batch("an object");
        shard.Run();
        Assert.Equal("an object", Assert.Single(shard.Lives[^1].OfType<DeliveryProtocol.Observed>()).Payload);
    }

    /// <summary>What it started from is gone in the only member; without being told, it would publish it for ever.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task One_that_stays_is_told_of_an_absence_that_came_meanwhile(int seed)
    {
        await using var shard = new ShardHarness(seed, new TableEntry(ShardHarness.Key, new TableVersion(3, 1), "published before"));
        shard.AskToStop();
        shard.Complete();
        shard.Run();
        Assert.Contains(Assert.Single(shard.Lives), static message => message is DeliveryProtocol.Observed { Payload: null });
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task An_absence_is_no_reason_to_start_one(int seed)
    {
        await using var shard = new ShardHarness(seed);
        shard.Batch("an object");
        shard.Batch(null);
        shard.AskToStop();
        shard.Complete();
        shard.Run();
        Assert.DoesNotContain(Assert.Single(shard.Lives), static message => message is DeliveryProtocol.Observed { Sequence: 0 });
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_shard_that_is_given_away_sends_back_what_waits_for_one_that_stops(int seed)
    {
        await using var shard = new ShardHarness(seed);
        shard.Letter(1);
        shard.Run();
        shard.TakeSent<object>();
        shard.AskToStop();
        shard.Letter(2);
        shard.Letter(3);
        shard.Shard.Tell(ShardingProtocol.StopInOrder.Instance);
        shard.Letter(4);
        shard.Run();
        Assert.Equal([2, 3, 4], shard.TakeSent<Letter>().Select(static letter => letter.Number));
        Assert.Equal([new Letter(1)], Assert.Single(shard.Lives).OfType<Letter>());
    }
}
