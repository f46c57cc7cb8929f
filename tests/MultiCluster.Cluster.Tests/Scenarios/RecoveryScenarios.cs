using MultiCluster.Cluster.Sharding;
using MultiCluster.Cluster.Tests.Simulation;

namespace MultiCluster.Cluster.Tests.Scenarios;

/// <summary>What a new owner, a new node and a restarted cluster know.</summary>
public sealed class RecoveryScenarios
{
    [Fact]
    public void A_takeover_with_a_stale_journal_reverts_no_route()
    {
        using var scenario = Scenario.AtRest(3);
        scenario.Cluster.Journal.Backup();
        foreach (var key in scenario.Cluster.Members.Keys.ToList())
            scenario.Cluster.Members.Set("m1", key);
        scenario.Run(3);
        scenario.Cluster.Journal.Restore();
        scenario.Cluster.Crash("n2");
        scenario.Run(15);
        scenario.Cluster.Start("n2");
        scenario.Run(20);
        scenario.CheckAtRest();
    }

    /// <summary>ingress-nginx #3043: an unreachable member is not an empty one.</summary>
    [Fact]
    public void A_takeover_while_a_member_is_unreachable_keeps_its_routes()
    {
        using var scenario = Scenario.AtRest(3);
        var before = Keys(scenario, 1);
        scenario.Cluster.Members.SetReachable("m1", reachable: false);
        scenario.Cluster.Crash("n2");
        scenario.Run(60);
        Assert.Equal(before, Keys(scenario, 1));
        scenario.Cluster.Heal();
        scenario.Run(30);
        scenario.CheckAtRest();
    }

    [Fact]
    public void All_nodes_restarted_with_every_member_down_serve_what_the_journal_holds()
    {
        using var scenario = Scenario.AtRest(3);
        var before = Keys(scenario, 1);
        scenario.Run(2);
        foreach (var member in scenario.Cluster.Members.Names)
            scenario.Cluster.Members.SetReachable(member, reachable: false);
        for (var node = 1; node <= 3; node++)
            scenario.Cluster.Crash(SimCluster.NodeName(node));
        scenario.Run(1);
        for (var node = 1; node <= 3; node++)
            scenario.Cluster.Start(SimCluster.NodeName(node));
        scenario.RunUntil(() => Enumerable.Range(1, 3).All(node => scenario.Node(node).Proxy.IsReady), 30, "all tables ready");
        Assert.All(Enumerable.Range(1, 3), node => Assert.False(scenario.Node(node).Proxy.IsWhole));
        Assert.All(Enumerable.Range(1, 3), node => Assert.Equal(before, Keys(scenario, node)));
        scenario.Cluster.Heal();
        scenario.Run(30);
        scenario.CheckAtRest();
    }

    /// <summary>The owner dies before a change is written down. The next one has it from its replica and must write it, or it goes when the tables do.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void What_an_owner_did_not_live_to_write_down_the_next_one_writes(bool isDeletion, bool isJournalAway)
    {
        using var scenario = Scenario.AtRest(3);
        var key = scenario.Cluster.Members.Keys.First(candidate => scenario.Cluster.Members.Copies(candidate).Count() == 1);
        var member = scenario.Cluster.Members.Copies(key).Single().Member;
        var owner = scenario.OwnerOf(key);
        scenario.Run(2);
        scenario.Cluster.Journal.LossRate = 1;
        if (isDeletion)
            scenario.Cluster.Members.Delete(member, key);
        else
            scenario.Cluster.Members.Set(member, key);
        scenario.Run(3);
        var wanted = scenario.Held(1 + (owner % 3), key)?.Payload;
        Assert.Equal(isDeletion, wanted is null);
        scenario.Cluster.Journal.LossRate = 0;
        scenario.Cluster.Journal.IsDown = isJournalAway;
        scenario.Cluster.Crash(SimCluster.NodeName(owner));
        scenario.Run(30);
        scenario.Cluster.Journal.IsDown = false;
        scenario.Run(10);

        foreach (var name in scenario.Cluster.Members.Names)
            scenario.Cluster.Members.SetReachable(name, reachable: false);
        for (var node = 1; node <= 3; node++)
        {
            if (node != owner)
                scenario.Cluster.Crash(SimCluster.NodeName(node));
        }
        scenario.Run(1);
        for (var node = 1; node <= 3; node++)
            scenario.Cluster.Start(SimCluster.NodeName(node));
        scenario.RunUntil(() => Enumerable.Range(1, 3).All(node => scenario.Node(node).Proxy.IsReady), 30, "all tables ready");
        Assert.All(Enumerable.Range(1, 3), node => Assert.Equal(wanted, scenario.Held(node, key)?.Payload));
        scenario.Cluster.Heal();
        scenario.Run(30);
        scenario.CheckAtRest();
    }

    [Fact]
    public void No_table_is_ready_while_neither_journal_nor_members_can_be_read()
    {
        using var scenario = new Scenario(0, new SimSettings { Drift = 0 });
        scenario.Cluster.Journal.IsDown = true;
        foreach (var member in scenario.Cluster.Members.Names)
            scenario.Cluster.Members.SetReachable(member, reachable: false);
        scenario.Cluster.Start("n1");
        scenario.Run(120);
        Assert.False(scenario.Node(1).Proxy.IsReady);
        scenario.Cluster.Heal();
        scenario.Run(20);
        scenario.CheckAtRest();
    }

    /// <summary>KubeOps #675; kubernetes-client/csharp #533</summary>
    [Fact]
    public void An_object_deleted_while_its_member_was_out_of_reach_goes_when_the_member_is_back()
    {
        using var scenario = Scenario.AtRest(2);
        var key = scenario.Cluster.Members.Keys.First(candidate => scenario.Cluster.Members.Copies(candidate).Count() == 1);
        var member = scenario.Cluster.Members.Copies(key).Single().Member;
        scenario.Cluster.Members.SetReachable(member, reachable: false);
        scenario.Run(2);
        scenario.Cluster.Members.Delete(member, key);
        scenario.Run(10);
        Assert.NotNull(scenario.Held(1, key));
        scenario.Cluster.Members.SetReachable(member, reachable: true);
        scenario.RunUntil(() => scenario.Held(1, key) is null && scenario.Held(2, key) is null, 5, "the route is gone everywhere");
        scenario.CheckAtRest();
    }

    [Fact]
    public void An_object_deleted_while_its_watcher_and_its_owner_were_dead_goes_after_takeover()
    {
        using var scenario = Scenario.AtRest(1);
        var key = scenario.Cluster.Members.Keys.First(candidate => scenario.Cluster.Members.Copies(candidate).Count() == 1);
        scenario.Run(2);
        scenario.Cluster.Crash("n1");
        scenario.Cluster.Members.Delete(scenario.Cluster.Members.Copies(key).Single().Member, key);
        scenario.Cluster.Start("n1");
        scenario.Run(20);
        scenario.CheckAtRest();
        Assert.Null(scenario.Held(1, key));
    }

    /// <summary>Seed 862: the new owner's table had not heard of the deletion, the journal had.</summary>
    [Fact]
    public void A_deletion_that_only_the_journal_knows_of_is_published_by_the_next_owner()
    {
        using var scenario = Scenario.AtRest(2);
        var key = scenario.Cluster.Members.Keys.First(candidate => scenario.Cluster.Members.Copies(candidate).Count() == 1 && scenario.OwnerOf(candidate) == 2);
        scenario.Cluster.Network.Cut("n1", "n2");
        scenario.Cluster.Trouble("network");
        scenario.Run(2);
        scenario.Cluster.Members.Delete(scenario.Cluster.Members.Copies(key).Single().Member, key);
        scenario.RunUntil(() => scenario.Held(2, key) is null, 8, "the deletion on its owner");
        scenario.Run(2);
        Assert.NotNull(scenario.Held(1, key));
        scenario.Cluster.Crash("n2");
        scenario.RunUntil(() => scenario.Held(1, key) is null, 15, "the deletion on the next owner");
        scenario.Cluster.Heal();
        scenario.Run(30);
        scenario.CheckAtRest();
    }

    [Fact]
    public void A_deletion_stays_deleted_when_a_node_returns_from_a_long_partition()
    {
        using var scenario = Scenario.AtRest(3);
        scenario.Cluster.Network.Cut("n1", "n3");
        scenario.Cluster.Network.Cut("n2", "n3");
        scenario.Cluster.Trouble("network");
        scenario.Run(3);
        var keys = scenario.Cluster.Members.Keys.ToList();
        foreach (var key in keys.Take(6))
        {
            foreach (var member in scenario.Cluster.Members.Names)
                scenario.Cluster.Members.Delete(member, key);
        }
        // Longer than tombstones are kept.
        scenario.Run((scenario.Options.TombstoneRetention * 5).TotalSeconds);
        scenario.Cluster.Heal();
        scenario.Run(20);
        scenario.CheckAtRest();
    }

    [Fact]
    public void Tombstones_do_not_pile_up()
    {
        using var scenario = Scenario.AtRest(3);
        for (var round = 0; round < 20; round++)
        {
            for (var key = 100; key < 120; key++)
                scenario.Cluster.Members.Set("m1", SimCluster.Key(key));
            scenario.Run(1);
            for (var key = 100; key < 120; key++)
                scenario.Cluster.Members.Delete("m1", SimCluster.Key(key));
            scenario.Run(1);
        }
        scenario.Run(((scenario.Options.TombstoneRetention + scenario.Options.AntiEntropyInterval) * 3).TotalSeconds);
        Assert.All(Enumerable.Range(1, 3), node => Assert.Equal(0, Status(scenario, node).Tombstones));
        scenario.CheckAtRest();
    }

    /// <summary>akka.net #2655, #7447, #3201</summary>
    [Fact]
    public void Ten_thousand_entities_recover_and_starve_nobody()
    {
        var large = new SimSettings { Drift = 0, Keys = 10_000, Members = 1 };
        using var scenario = new Scenario(2, large with { Options = large.Options with { Shards = 16, MaxRecoveries = 2 } });
        scenario.Run(40);
        scenario.CheckAtRest();
        scenario.Cluster.Crash("n2");
        scenario.RunUntil(() => scenario.AllOwned(1), 7, "all shards owned by node 1");
        scenario.RunUntil(() => OpenShards(scenario, 1) == 16, 15, "all shards recovered and publishing");
    }

    /// <summary>akka.net #3374, akka #19551; YARP #1736: a failing entity starts over, and its neighbours do not notice.</summary>
    [Fact]
    public void A_poisoned_entity_recovers_without_a_revert_and_harms_no_neighbour()
    {
        using var scenario = Scenario.AtRest(2);
        foreach (var key in scenario.Cluster.Members.Keys.ToList())
        {
            scenario.Node(1).Node.Region.Tell(new ShardingProtocol.ToRunning(key, new SimEntity.Poison()));
            scenario.Cluster.Members.Set("m1", key);
            scenario.Run(0.05);
        }
        scenario.Run(15);
        scenario.CheckAtRest();
    }

    /// <summary>Seed 557: a watcher that has not listed yet knows of nothing, which is not the same as that nothing exists.</summary>
    [Fact]
    public void An_entity_and_its_watcher_that_start_over_at_once_lose_no_copy()
    {
        using var scenario = Scenario.AtRest(2);
        var keys = scenario.Cluster.Members.Keys.ToList();
        for (var round = 0; round < 10; round++)
        {
            Poison(scenario, [SimNodeContext.SourceOf("m1"), .. keys]);
            scenario.Run(2);
        }
        scenario.Run(15);
        scenario.CheckAtRest();
    }

    [Fact]
    public void An_entity_that_starts_over_does_not_wait_for_a_watcher_that_can_not_tell()
    {
        using var scenario = Scenario.AtRest(2);
        var key = scenario.Cluster.Members.Keys.First(candidate => scenario.Cluster.Members.Copies(candidate).Count() > 1);
        scenario.Cluster.Members.SetReachable("m1", reachable: false);
        scenario.Cluster.Trouble("member m1");
        Poison(scenario, [SimNodeContext.SourceOf("m1"), key]);
        scenario.Run(1);
        scenario.Cluster.Members.Set("m2", key);
        var wanted = scenario.Cluster.Members.Copies(key).ToList();
        scenario.RunUntil(() => ((SimFragment)scenario.Held(1, key)!.Payload!).Copies.SequenceEqual(wanted), 10, "the news of m2, and the copy of m1 as before");
        scenario.Cluster.Heal();
        scenario.Run(15);
        scenario.CheckAtRest();
    }

    /// <summary>Seed 18: it had nothing to publish when publishing was opened.</summary>
    [Fact]
    public void An_entity_that_a_message_started_before_sources_were_heard_publishes_what_they_bring_later()
    {
        using var scenario = new Scenario(0, new SimSettings { Drift = 0 });
        scenario.Cluster.Members.SetReachable("m1", reachable: false);
        scenario.Cluster.Start("n1");
        scenario.RunUntil(() => scenario.AllOwned(1), 15, "all shards owned");
        var key = SimCluster.Key(77);
        var letter = scenario.Send(1, key);
        scenario.RunUntil(() => scenario.Cluster.Mail.HasArrived(letter.Number), 2, "the letter arrived");
        Assert.False(scenario.Node(1).Proxy.IsReady);
        scenario.Cluster.Heal();
        scenario.Run(20);
        scenario.Cluster.Members.Set("m2", key);
        scenario.RunUntil(() => scenario.Held(1, key) is not null, 5, "the object that came to be");
        scenario.CheckAtRest();
    }

    /// <summary>It could not say that nothing exists: another replica may know better, and would be outranked.</summary>
    [Fact]
    public void A_message_to_a_key_that_nobody_has_publishes_nothing()
    {
        using var scenario = Scenario.AtRest(2);
        var letter = scenario.Send(1, SimCluster.Key(77));
        scenario.RunUntil(() => scenario.Cluster.Mail.HasArrived(letter.Number), 2, "the letter arrived");
        scenario.Run(2);
        Assert.All(Enumerable.Range(1, 2), node => Assert.Equal(0, Status(scenario, node).Tombstones));
        scenario.CheckAtRest();
    }

    [Fact]
    public void Replicas_that_have_heard_the_same_hold_the_same()
    {
        using var scenario = Scenario.AtRest(4);
        scenario.Cluster.Network.LossRate = 0.2;
        for (var i = 0; i < 200; i++)
        {
            scenario.Cluster.Members.Set("m2", SimCluster.Key(1 + i % 20));
            if (i % 3 == 0)
                scenario.Cluster.Members.Delete("m2", SimCluster.Key(1 + i % 7));
            scenario.Run(0.05);
        }
        scenario.Cluster.Heal();
        scenario.Run(15);
        scenario.CheckAtRest();
        var first = scenario.Node(1).Proxy.Visible.Values.Select(static entry => (entry.Key, entry.Version)).ToList();
        Assert.All(Enumerable.Range(2, 3), node => Assert.Equal(first, scenario.Node(node).Proxy.Visible.Values.Select(static entry => (entry.Key, entry.Version))));
    }

    private static void Poison(Scenario scenario, IEnumerable<string> keys)
    {
        foreach (var key in keys)
            scenario.Node(1).Node.Region.Tell(new ShardingProtocol.ToRunning(key, new SimEntity.Poison()));
    }

    private static List<string> Keys(Scenario scenario, int node) => [.. scenario.Node(node).Proxy.Visible.Keys];

    private static Replication.TableProtocol.Status Status(Scenario scenario, int node)
    {
        Replication.TableProtocol.Status? status = null;
        scenario.Node(node).Node.Table.Tell(new Replication.TableProtocol.GetStatus(), new SimRef(message => status = message as Replication.TableProtocol.Status));
        scenario.Run(0.01);
        return status!;
    }

    private static int OpenShards(Scenario scenario, int node)
    {
        var open = 0;
        for (var shard = 0; shard < scenario.Options.Shards; shard++)
        {
            scenario.Node(node).Node.Region.Tell(
                new ShardingProtocol.GetShard(shard), new SimRef(message => open += message is ShardingProtocol.ShardStatus { IsOpen: true } ? 1 : 0));
        }
        scenario.Run(0.05);
        return open;
    }
}
