using MultiCluster.Cluster.Replication;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Federation.Members;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Tests.Members;

public sealed class MemberWatcherTests
{
    private static readonly Resource[] Shop =
    [
        Make.Ingress("shop", "shop.example", "shop", ingressClass: "ours"),
        Make.Class("ours"),
        Make.Service("shop"),
        Make.Slice("shop", "10.0.0.1", "10.0.0.2"),
    ];

    [Fact]
    public async Task A_member_is_synced_only_after_all_that_it_has_reached_the_table()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            await using var world = new World(seed, Make.Aws);
            world.Aws.ListAll(Shop);
            world.Test.Run();

            var synced = world.Told.FindIndex(static told => told is MemberProtocol.MemberSynced);
            Assert.Equal(world.Told.Count - 1, synced);
            var route = world.Published(EntityId.Ingress(Make.Key("shop"))).Last();
            Assert.Single(Assert.IsType<Fragment.Ingress>(World.FragmentOf(route)).Routes);
            var backend = world.Published(EntityId.Backend(Make.Key("shop"))).Last();
            Assert.Equal(["10.0.0.1", "10.0.0.2"], World.Addresses(Assert.IsType<Fragment.Backend>(World.FragmentOf(backend))));
        }
    }

    [Fact]
    public async Task A_member_is_not_synced_before_every_kind_has_been_listed_and_an_empty_one_is_then()
    {
        await using var world = new World(1, Make.Aws);
        foreach (var kind in new MemberView(Make.Aws, new ClassOptions()).Kinds)
        {
            Assert.DoesNotContain(world.Told, static told => told is MemberProtocol.MemberSynced);
            world.Aws.List(kind);
            world.Test.Run();
        }

        Assert.Contains(new MemberProtocol.MemberSynced(Make.Aws), world.Told);
    }

    [Fact]
    public async Task A_lost_connection_changes_no_route_and_shows_in_the_status_until_it_is_back()
    {
        await using var world = new World(1, Make.Aws);
        world.Aws.ListAll(Shop);
        world.Aws.Emit(new MemberEvent.Disconnected(ResourceKind.Ingress, "connection refused"));
        world.Aws.Emit(new MemberEvent.Disconnected(ResourceKind.EndpointSlice, "connection refused"));

        Assert.Equal("shop.example->aws", await world.RouteTextAsync());
        Assert.Equal("10.0.0.1 10.0.0.2", await world.AddressesAsync("shop"));
        var status = await world.StatusAsync(Make.Aws);
        Assert.Equal(["Ingress", "EndpointSlice"], status.Stale.Select(static stale => stale.Kind.ToString()));
        Assert.Equal((1, 1, 2), (status.Ingresses, status.Services, status.Endpoints));

        world.Aws.Emit(new MemberEvent.Connected(ResourceKind.Ingress));
        world.Aws.Emit(new MemberEvent.Connected(ResourceKind.EndpointSlice));
        Assert.Empty((await world.StatusAsync(Make.Aws)).Stale);
    }

    [Fact]
    public async Task What_a_new_list_lacks_is_removed_and_its_row_becomes_a_tombstone()
    {
        await using var world = new World(1, Make.Aws);
        world.Aws.ListAll([.. Shop, Make.Ingress("cart", "cart.example", "shop")]);
        Assert.Equal("cart.example->aws shop.example->aws", await world.RouteTextAsync());

        world.Aws.List(ResourceKind.Ingress, Shop);
        Assert.Equal("shop.example->aws", await world.RouteTextAsync());
        Assert.Null(world.Published(EntityId.Ingress(Make.Key("cart"))).Last().Payload);
        var names = await world.AskAsync<RouteTableProtocol.IngressNames>(world.Table, new RouteTableProtocol.GetIngressNames());
        Assert.Equal(Make.Key("shop"), Assert.Single(names.Keys));
    }

    [Fact]
    public async Task An_object_that_comes_back_lies_above_its_tombstone()
    {
        for (var seed = 1; seed <= 30; seed++)
        {
            await using var world = new World(seed, Make.Aws);
            world.Aws.ListAll(Shop);
            world.Test.Run();
            for (var round = 0; round < 3; round++)
            {
                // Nothing runs in between: deletion, the end of the entity and its return meet in every order.
                world.Aws.Delete(Shop[0]);
                world.Aws.Delete(Shop[2]);
                world.Aws.Delete(Shop[3]);
                world.Aws.Set(Shop[2]);
                world.Aws.Set(Shop[3]);
                world.Aws.Set(Shop[0]);
            }

            Assert.Equal("shop.example->aws", await world.RouteTextAsync());
            Assert.Equal("10.0.0.1 10.0.0.2", await world.AddressesAsync("shop"));
        }
    }

    [Fact]
    public async Task A_source_that_ends_by_itself_is_read_anew_and_no_route_suffers_meanwhile()
    {
        await using var world = new World(1, Make.Aws, Make.Gcp);
        world.Aws.ListAll(Shop);
        world.Gcp.ListAll(Shop);
        world.Test.Run();
        world.Told.Clear();

        world.Aws.End();
        world.Test.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(2, world.Aws.Runs);
        // Ingresses come first: their class, Services and endpoints are unknown to the new watcher till the end.
        world.Aws.ListAll(Shop);
        world.Test.Run();

        Assert.Equal("shop.example->aws,gcp", await world.RouteTextAsync());
        Assert.Empty(world.Told.OfType<TableEntry>());
        Assert.Contains(new MemberProtocol.MemberSynced(Make.Aws), world.Told);
    }

    [Fact]
    public async Task What_was_deleted_while_nobody_watched_goes_once_the_new_watcher_has_read_all()
    {
        await using var world = new World(1, Make.Aws, Make.Gcp);
        world.Aws.ListAll([.. Shop, Make.Ingress("cart", "cart.example", "shop"), Make.Service("old"), Make.Slice("old", "10.0.9.9")]);
        world.Gcp.ListAll(Shop);
        world.Test.Run();

        world.Aws.End();
        world.Test.Advance(TimeSpan.FromSeconds(6));
        world.Aws.List(ResourceKind.Ingress, Shop);
        Assert.Equal("cart.example->aws shop.example->aws,gcp", await world.RouteTextAsync());
        Assert.NotNull(world.Published(EntityId.Backend(Make.Key("old"))).Last().Payload);

        world.Aws.ListAll(Shop);
        Assert.Equal("shop.example->aws,gcp", await world.RouteTextAsync());
        Assert.Null(world.Published(EntityId.Backend(Make.Key("old"))).Last().Payload);
    }

    [Fact]
    public async Task A_source_of_an_earlier_watcher_is_not_listened_to()
    {
        await using var world = new World(1, Make.Aws);
        world.Aws.ListAll(Shop);
        world.Test.Run();
        world.Told.Clear();

        // The watcher fails at no object, with lists of nothing next in its mailbox: for the new one, a member read whole and empty.
        world.Aws.Set(null!);
        world.Aws.ListAll();
        world.Test.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, world.Aws.Runs);
        Assert.Equal("shop.example->aws", await world.RouteTextAsync());
        Assert.Empty(world.Told);

        world.Aws.ListAll(Shop);
        Assert.Equal("shop.example->aws", await world.RouteTextAsync());
        Assert.Equal([new MemberProtocol.MemberSynced(Make.Aws)], world.Told);
    }
}
