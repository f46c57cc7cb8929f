using MultiCluster.Cluster.Membership;
using MultiCluster.Cluster.Tests.Simulation;

namespace MultiCluster.Cluster.Tests.Scenarios;

public sealed class MembershipScenarios
{
    [Fact]
    public void A_dead_nodes_shards_are_taken_over_within_its_ttl_and_two_seconds()
    {
        using var scenario = Scenario.AtRest(3);
        Assert.NotEmpty(scenario.Owned(2));
        scenario.Cluster.Crash("n2");
        scenario.RunUntil(() => scenario.AllOwned(1, 3), (scenario.Options.LeaseTtl + TimeSpan.FromSeconds(2)).TotalSeconds, "all shards owned by the others");
    }

    [Fact]
    public void A_leaving_node_gives_everything_away_in_under_a_second()
    {
        using var scenario = Scenario.AtRest(3);
        var node = scenario.Node(2);
        node.Leave();
        scenario.RunUntil(() => node.HasLeft, 1, "node 2 has left");
        scenario.RunUntil(() => scenario.AllOwned(1, 3), 1, "all shards owned by the others");
    }

    [Fact]
    public void A_node_that_was_declared_dead_stops_writing_before_it_joins_again()
    {
        using var scenario = Scenario.AtRest(3);
        var node = scenario.Node(2);
        var before = node.Node.Links.Self;
        node.Life.Pause();
        scenario.RunUntil(() => scenario.AllOwned(1, 3), 8, "all shards owned by the others");
        Assert.False(node.Node.Gate.IsOpen);
        node.Life.Resume();
        scenario.RunUntil(() => node.View!.Self != before && node.View.State == NodeState.Up, 5, "node 2 has joined as a new run");
        scenario.Run(20);
        scenario.CheckAtRest();
        Assert.NotEmpty(scenario.Owned(2));
    }

    [Fact]
    public void A_second_node_of_one_name_is_refused_until_the_first_is_gone()
    {
        using var scenario = Scenario.AtRest(2);
        var second = new SimNode(scenario.Cluster, "n1", 1, TimeSpan.Zero);
        scenario.RunUntil(() => second.View?.Refusal is not null, 3, "the second is refused");
        Assert.Contains("node name 'n1' is in use by a live node at n1", second.View!.Refusal, StringComparison.Ordinal);
        scenario.Run(10);
        Assert.False(second.View.HasJoined);
        Assert.True(scenario.AllOwned(1, 2), scenario.Trace());
        scenario.Cluster.Crash("n1");
        scenario.RunUntil(() => second.View.HasJoined, 8, "the second has joined in the place of the first");
        Assert.Null(second.View.Refusal);
    }

    [Fact]
    public void A_node_of_another_cluster_is_refused_and_says_why()
    {
        using var scenario = Scenario.AtRest(1);
        var stranger = new SimNode(scenario.Cluster, "stranger", 1, TimeSpan.Zero, scenario.Options with { ClusterName = "other" });
        scenario.RunUntil(() => stranger.View?.Refusal is not null, 2, "the stranger is refused");
        Assert.Contains("belongs to cluster 'test', this node is configured for 'other'", stranger.View!.Refusal, StringComparison.Ordinal);
        scenario.Run(10);
        Assert.True(scenario.AllOwned(1), scenario.Trace());
    }

    [Fact]
    public void A_node_two_protocol_versions_away_is_refused()
    {
        using var scenario = Scenario.AtRest(1);
        scenario.Cluster.Leases.Put("node-old", RecordCodec.Encode(new NodeRecord(
            "old", "1", "old", "test", ClusterOptions.ProtocolVersion + 2, NodeState.Up, 1, default)));
        var late = new SimNode(scenario.Cluster, "late", 1, TimeSpan.Zero);
        scenario.RunUntil(() => late.View?.Refusal is not null, 2, "the late one is refused");
        Assert.Contains("speaks protocol 3, this build 1; upgrade one version at a time", late.View!.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_is_down_moves_no_shards_and_stops_no_publishing()
    {
        using var scenario = Scenario.AtRest(3);
        var starts = scenario.StartsSoFar();
        scenario.Cluster.Leases.IsDown = true;
        scenario.Run(60);
        Assert.False(scenario.Node(1).Node.Gate.IsOpen);
        scenario.Cluster.Members.Set("m1", SimCluster.Key(1));
        var revision = scenario.Cluster.Members.Revision;
        scenario.RunUntil(
            () => scenario.Held(3, SimCluster.Key(1))?.Payload is SimFragment fragment && fragment.Copies.Any(copy => copy.Revision == revision), 1, "a change is published");
        scenario.Cluster.Leases.IsDown = false;
        scenario.Run(20);
        Assert.Equal(starts, scenario.StartsSoFar());
        scenario.CheckAtRest();
    }

    /// <summary>Everybody sees everybody's record stay the same, and whoever gets through first when it ends must not declare all others dead.</summary>
    [Fact]
    public void A_store_that_can_be_read_but_not_written_makes_nobody_dead()
    {
        using var scenario = Scenario.AtRest(3);
        string[] nodes = ["n1", "n2", "n3"];
        var refused = scenario.Cluster.Leases.TakesNoWritesOf;
        var starts = scenario.StartsSoFar();
        for (var turn = 0; turn < 2 * nodes.Length; turn++)
        {
            refused.UnionWith(nodes);
            scenario.Run(3 + (turn * 11));
            // Whoever waits for a lock looks for it now and then.
            refused.Remove(nodes[turn % nodes.Length]);
            scenario.Run(1);
            refused.Clear();
            scenario.Run(10);
            Assert.Equal(starts, scenario.StartsSoFar());
        }

        scenario.CheckAtRest();
        scenario.Cluster.Crash("n2");
        scenario.RunUntil(() => scenario.AllOwned(1, 3), 7, "all shards owned by the others");
    }

    /// <summary>A hand-off then would stop what runs for as long as the store takes no release.</summary>
    [Fact]
    public void Nothing_moves_for_balance_while_the_store_takes_no_writes()
    {
        using var scenario = new Scenario(2);
        var starts = 0;
        scenario.RunUntil(() => (starts = scenario.StartsSoFar()) >= scenario.Options.Shards && scenario.AllOwned(1, 2), 5, "all shards owned");
        scenario.Run(3);
        scenario.Cluster.Leases.TakesNoWritesOf.UnionWith(["n1", "n2"]);
        scenario.Run(30);
        Assert.Equal(starts, scenario.StartsSoFar());
        scenario.Cluster.Leases.TakesNoWritesOf.Clear();
        scenario.Run(25);
        scenario.CheckAtRest();
    }

    [Fact]
    public void A_store_that_answers_only_now_and_then_does_not_make_anybody_dead()
    {
        using var scenario = Scenario.AtRest(3);
        var starts = scenario.StartsSoFar();
        for (var i = 0; i < 20; i++)
        {
            scenario.Cluster.Leases.IsDown = true;
            scenario.Run(4);
            scenario.Cluster.Leases.IsDown = false;
            scenario.Run(2.5);
        }
        Assert.Equal(starts, scenario.StartsSoFar());
    }

    [Fact]
    public void Clocks_that_are_hours_apart_kill_nobody()
    {
        using var scenario = Scenario.AtRest(3, new SimSettings { SkewSeconds = 100_000, Drift = 0.03 });
        var starts = scenario.StartsSoFar();
        scenario.Run(120);
        Assert.Equal(starts, scenario.StartsSoFar());
    }

    [Fact]
    public void Of_two_sides_of_a_partition_at_most_one_writes_and_one_without_the_store_loses_all()
    {
        using var scenario = Scenario.AtRest(3);
        scenario.Cluster.Network.Cut("n1", "n2");
        scenario.Cluster.Network.Cut("n1", "n3");
        scenario.Cluster.Leases.CutOff.Add("n1");
        scenario.Cluster.Trouble("leases");
        scenario.RunUntil(() => scenario.AllOwned(2, 3), 7, "the side with the store owns everything");
        Assert.Empty(scenario.Owned(1));
        scenario.Cluster.Heal();
        scenario.Run(30);
        scenario.CheckAtRest();
    }

    [Fact]
    public void A_partition_between_nodes_alone_moves_nothing()
    {
        using var scenario = Scenario.AtRest(3);
        var starts = scenario.StartsSoFar();
        scenario.Cluster.Network.Cut("n1", "n2");
        scenario.Cluster.Network.Cut("n1", "n3");
        scenario.Run(30);
        Assert.Equal(starts, scenario.StartsSoFar());
        scenario.Cluster.Heal();
        scenario.Run(15);
        scenario.CheckAtRest();
    }

    [Fact]
    public void An_operator_declares_a_node_dead_and_is_told_when_there_is_none()
    {
        using var scenario = Scenario.AtRest(3);
        object? answer = null;
        var operatorRef = new SimRef(message => answer = message);
        scenario.Node(1).Node.Daemon.Tell(new ClusterProtocol.Down("n9"), operatorRef);
        scenario.RunUntil(() => answer is not null, 2, "an answer");
        Assert.Equal("no live node 'n9' is known; see 'cluster show'", Assert.IsType<ClusterProtocol.DownResult>(answer).Error);
        scenario.Cluster.Crash("n2");
        scenario.Cluster.Checker.OperatorActedAt = scenario.Now;
        scenario.Node(1).Node.Daemon.Tell(new ClusterProtocol.Down("n2"), operatorRef);
        scenario.RunUntil(() => scenario.AllOwned(1, 3), 2, "all shards owned by the others, long before the lease ends");
        Assert.Null(Assert.IsType<ClusterProtocol.DownResult>(answer).Error);
    }

    [Fact]
    public void A_store_that_is_down_when_everything_starts_only_delays()
    {
        using var scenario = new Scenario(0, new SimSettings { Drift = 0 });
        scenario.Cluster.Leases.IsDown = scenario.Cluster.Journal.IsDown = true;
        scenario.Cluster.Start("n1");
        scenario.Run(30);
        Assert.Empty(scenario.Owned(1));
        scenario.Cluster.Leases.IsDown = false;
        scenario.RunUntil(() => scenario.AllOwned(1), 2, "all shards owned");
        scenario.RunUntil(() => scenario.Node(1).Proxy.IsReady, 10, "the table is ready without a journal");
        scenario.Cluster.Journal.IsDown = false;
        scenario.Run(5);
        scenario.CheckAtRest();
    }

    [Fact]
    public void A_lease_store_restored_from_an_old_backup_blocks_no_publishing()
    {
        using var scenario = Scenario.AtRest(3);
        scenario.Cluster.Leases.Backup();
        scenario.Cluster.Crash("n2");
        scenario.Run(20);
        scenario.Cluster.Start("n2");
        scenario.Run(20);
        scenario.Cluster.Trouble("leases");
        scenario.Cluster.Leases.Restore();
        scenario.Cluster.Checker.StoreRestoredAt = scenario.Now;
        scenario.Run(30);
        foreach (var key in scenario.Cluster.Members.Keys.ToList())
            scenario.Cluster.Members.Set("m1", key);
        scenario.Run(5);
        scenario.CheckAtRest();
    }
}
