using System.Net;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Tests;

public sealed class ClusterTests
{
    [Fact]
    public async Task The_cluster_is_shown_with_this_node_marked()
    {
        using var mcctl = new Mcctl().Answer(ClusterPaths.Cluster, ClusterSample.Cluster);
        Assert.Equal(0, await mcctl.RunAsync("cluster", "show"));
        Assert.Equal(
            """
            Cluster:        prod
            Seen by:        node-a#00c0ffee
            State:          Up
            Lease:          valid
            Store:          writing; 3 events and 1 snapshots wait
            Protocol:       1
            Shards:         64, all owned

            Nodes:
                  NODE     STATE   ADDRESS         INCARNATION   PROTOCOL   SHARDS
              *   node-a   Up      10.0.0.1:9071   00c0ffee      1          33
                  node-b   Up      10.0.0.2:9071   0badcafe      1          31
                  node-c   Down    10.0.0.3:9071   0000dead      1          0

            """,
            mcctl.Output);
    }

    [Fact]
    public async Task A_node_that_cannot_join_says_why_and_what_does_not_work()
    {
        using var mcctl = new Mcctl().Answer(ClusterPaths.Cluster, ClusterSample.Refused);
        Assert.Equal(0, await mcctl.RunAsync("cluster", "show"));
        Assert.Equal(
            """
            Cluster:        prod
            Seen by:        node-a#00c0ffee
            State:          Outside
            Refused:        node name 'node-a' is in use by a live node at 10.0.0.9:9071; give each node its own cluster.node
            Lease:          not valid: nothing is written to the database or to status
            Store:          failing for 75s: connection refused; 900 events and 40 snapshots wait
            Protocol:       1
            Shards:         their number is not known yet

            Nodes: none are known

            """,
            mcctl.Output);
    }

    [Theory]
    [InlineData("table")]
    [InlineData("json")]
    public async Task Status_exits_with_1_if_a_check_fails(string format)
    {
        using var sick = new Mcctl().Answer(ClusterPaths.Status, ClusterSample.Sick);
        Assert.Equal(1, await sick.RunAsync("cluster", "status", "-o", format));
        Assert.Empty(sick.Error);
        using var healthy = new Mcctl().Answer(ClusterPaths.Status, ClusterSample.Sick with { Healthy = true });
        Assert.Equal(0, await healthy.RunAsync("cluster", "status", "-o", format));
    }

    [Fact]
    public async Task Status_is_a_line_per_check()
    {
        using var mcctl = new Mcctl().Answer(ClusterPaths.Status, ClusterSample.Sick);
        await mcctl.RunAsync("cluster", "status");
        Assert.Equal(
            """
            CHECK    RESULT   DETAIL
            joined   ok       as node-a#00c0ffee
            shards   FAILED   2 of 64 without an owner: 7, 9; what is for them waits

            """,
            mcctl.Output);
    }

    [Fact]
    public async Task A_node_that_left_says_how_long_it_took_and_who_goes_on()
    {
        using var mcctl = new Mcctl().Answer(ClusterPaths.Leave, new LeftView("node-a", 33, 0.412, ["node-b"]));
        Assert.Equal(0, await mcctl.RunAsync("cluster", "leave"));
        Assert.Equal(["POST http://127.0.0.1:9070/api/v1/cluster/leave"], mcctl.Requests);
        Assert.Equal("Node node-a gave 33 shards away and left in 0.412 s.\n", mcctl.Output);
        Assert.StartsWith("node-b go on.", mcctl.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_node_that_leaves_is_a_remark()
    {
        using var mcctl = new Mcctl().Answer(ClusterPaths.Leave, new LeftView("node-a", 64, 0.05, []));
        Assert.Equal(0, await mcctl.RunAsync("cluster", "leave"));
        Assert.StartsWith("No other node is up: ", mcctl.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Down_without_a_terminal_needs_yes()
    {
        using var mcctl = new Mcctl();
        Assert.Equal(2, await mcctl.RunAsync("cluster", "down", "node-b"));
        Assert.Equal("error: not confirmed: give --yes, since there is no terminal to ask at\n", mcctl.Error);
        Assert.Empty(mcctl.Requests);
    }

    [Theory]
    [InlineData("n")]
    [InlineData("")]
    [InlineData("yess")]
    public async Task Down_asks_back_at_a_terminal_and_takes_only_a_yes(string typed)
    {
        using var mcctl = new Mcctl { Typed = typed };
        Assert.Equal(2, await mcctl.RunAsync("cluster", "down", "node-b"));
        Assert.EndsWith("Go on? [y/N] error: not confirmed: nothing was done\n", mcctl.Error, StringComparison.Ordinal);
        Assert.Empty(mcctl.Requests);
    }

    [Theory]
    [InlineData("y\n", "cluster down node-b")]
    [InlineData(null, "cluster down node-b --yes")]
    [InlineData(null, "cluster down -y node-b")]
    public async Task Down_that_is_confirmed_is_done(string? typed, string args)
    {
        using var mcctl = new Mcctl { Typed = typed }.Answer(ClusterPaths.Down("node-b"), new DownedView("node-b", "0badcafe", 31));
        Assert.Equal(0, await mcctl.RunAsync(args.Split(' ')));
        Assert.Equal(["POST http://127.0.0.1:9070/api/v1/cluster/nodes/node-b/down"], mcctl.Requests);
        Assert.Equal("Node node-b#0badcafe is down; it owned 31 shards.\n", mcctl.Output);
    }

    [Fact]
    public async Task An_unknown_node_is_told_in_the_servers_words()
    {
        using var mcctl = new Mcctl().Problem(ClusterPaths.Down("nope"), HttpStatusCode.NotFound, "node node-a knows no node nope; it knows node-a");
        Assert.Equal(1, await mcctl.RunAsync("cluster", "down", "nope", "--yes"));
        Assert.Equal("error: node node-a knows no node nope; it knows node-a\n", mcctl.Error);
        Assert.Empty(mcctl.Output);
    }
}
