using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Tests;

public sealed class ShardingTests
{
    [Fact]
    public async Task Regions_are_listed_with_ranges_of_shards()
    {
        using var mcctl = new Mcctl().Answer(ClusterPaths.Regions, ClusterSample.Regions);
        Assert.Equal(0, await mcctl.RunAsync("sharding", "list-regions"));
        Assert.Equal(
            """
                NODE     STATE     ADDRESS         COUNT   SHARDS
            *   node-a   Up        10.0.0.1:9071   4       0-2,5
                node-b   Leaving   10.0.0.2:9071   3       3-4,8
                node-c   Down      10.0.0.3:9071   0       -
            Shards without an owner: 6-7

            """,
            mcctl.Output);
    }

    [Fact]
    public async Task Shards_are_listed_with_who_owns_them_and_who_should()
    {
        using var mcctl = new Mcctl().Answer(ClusterPaths.ShardsOf("node-a"), ClusterSample.Shards);
        Assert.Equal(0, await mcctl.RunAsync("sharding", "list-shards", "--node", "node-a"));
        Assert.Equal(
            """
            SHARD   OWNER    DESIGNATED   EPOCH   PHASE      ENTITIES   WAITS FOR
            0       node-a   node-a       12      Serving    4          -
            1       node-b   node-a       13      -          2          member/aws,member/gcp
            2       -        -            9       -          ?          -
            3       node-a   node-b       14      Stopping   ?          -

            """,
            mcctl.Output);
    }

    [Fact]
    public async Task Entities_of_a_shard_are_listed()
    {
        var view = new ShardEntitiesView(12, "node-b", 7, IsOpen: false, ["backend/web/shop", "ingress/web/shop"], ["member/gcp"]);
        using var mcctl = new Mcctl().Answer(ClusterPaths.Entities(12), view);
        Assert.Equal(0, await mcctl.RunAsync("sharding", "list-entities", "12"));
        Assert.Equal(
            """
            ENTITY             OWNER    EPOCH
            backend/web/shop   node-b   7
            ingress/web/shop   node-b   7

            """,
            mcctl.Output);
        Assert.Equal("Shard 12 waits for member/gcp before it publishes.\n", mcctl.Error);
    }

    [Fact]
    public async Task Statistics_count_by_shard_and_kind_and_name_what_is_missing()
    {
        using var mcctl = new Mcctl().Answer(ClusterPaths.Stats, ClusterSample.Stats);
        Assert.Equal(0, await mcctl.RunAsync("sharding", "stats"));
        Assert.Equal(
            """
            Entities:       8 (backend 4, ingress 3, member 1)
            Held:           5 messages on node-a

            SHARD   OWNER    ENTITIES   BACKEND   INGRESS   MEMBER
            0       node-a   4          1         3         0
            1       node-b   4          3         0         1
            Shards without an owner: 2
            Shards whose owners did not answer: 3

            """,
            mcctl.Output);
    }

    [Fact]
    public async Task An_entity_is_found_with_its_node()
    {
        var view = new FoundEntityView("ingress/web/shop", 12, "node-b", "10.0.0.2:9071", "node-a", 7, IsOpen: true);
        using var mcctl = new Mcctl().Answer(ClusterPaths.FindOf("ingress/web/shop"), view);
        Assert.Equal(0, await mcctl.RunAsync("sharding", "find", "ingress/web/shop"));
        Assert.Equal(["http://127.0.0.1:9070/api/v1/sharding/find?key=ingress%2Fweb%2Fshop"], mcctl.Requests);
        Assert.Equal(
            """
            Entity:         ingress/web/shop
            Shard:          12
            Node:           node-b at 10.0.0.2:9071
            Epoch:          7
            Moves to:       node-a
            Publishes:      yes

            """,
            mcctl.Output);
    }
}
