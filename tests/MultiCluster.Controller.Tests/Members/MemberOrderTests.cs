using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.Tests.Members;

/// <summary>What operators, registrations and lost connections make of a member as a whole.</summary>
public sealed class MemberOrderTests
{
    private static readonly Resource[] Shop =
        [Make.Ingress("shop", "shop.example", "shop"), Make.Service("shop"), Make.Slice("shop", "10.0.0.1", "10.0.0.2")];

    [Fact]
    public async Task An_order_counts_until_it_is_taken_back()
    {
        await using var world = new World(1, Make.Aws);
        world.Aws.ListAll(Shop);
        Assert.Equal(MemberTraits.Default, await world.TraitsAsync(Make.Aws));
        Assert.Equal(MemberState.Drain, (await OrderAsync(world, new MemberProtocol.SetState(MemberState.Drain))).State);
        Assert.Equal(MemberState.Drain, (await world.RoutesAsync()).Members.Single().Value!.State);
        Assert.Equal(MemberState.Active, (await OrderAsync(world, new MemberProtocol.SetState(MemberState.Active))).State);
    }

    [Fact]
    public async Task A_drain_does_not_loosen_an_order_that_disables()
    {
        await using var world = new World(1, Make.Aws);
        world.Aws.ListAll(Shop);
        await OrderAsync(world, new MemberProtocol.SetState(MemberState.Disabled));
        Assert.Equal(MemberState.Disabled, (await OrderAsync(world, new MemberProtocol.SetState(MemberState.Drain))).State);
        Assert.Equal(MemberState.Active, (await OrderAsync(world, new MemberProtocol.SetState(MemberState.Active))).State);
        Assert.Equal(MemberState.Drain, (await OrderAsync(world, new MemberProtocol.SetState(MemberState.Drain))).State);
        Assert.Equal(MemberState.Disabled, (await OrderAsync(world, new MemberProtocol.SetState(MemberState.Disabled))).State);
    }

    [Fact]
    public async Task The_stricter_of_order_and_registration_counts()
    {
        await using var world = new World(1, Make.Aws);
        world.Aws.ListAll(Shop);
        world.Feed.Tell(new MemberNews.Found(world.Registration(Make.Aws) with { State = MemberState.Disabled }));
        Assert.Equal(MemberState.Disabled, (await world.TraitsAsync(Make.Aws))!.State);
        Assert.Equal(MemberState.Disabled, (await OrderAsync(world, new MemberProtocol.SetState(MemberState.Drain))).State);
        world.Feed.Tell(new MemberNews.Found(world.Registration(Make.Aws)));
        Assert.Equal(MemberState.Drain, (await world.TraitsAsync(Make.Aws))!.State);
        Assert.Equal(1, world.Aws.Runs);
    }

    [Fact]
    public async Task Labels_of_a_registration_are_known_everywhere()
    {
        await using var world = new World(1, Make.Aws);
        world.Aws.ListAll(Shop);
        var labels = EquatableMap.From([KeyValuePair.Create(MemberTraits.RegionLabel, "eu-west-1")]);
        world.Feed.Tell(new MemberNews.Found(world.Registration(Make.Aws) with { Labels = labels }));
        Assert.Equal("eu-west-1", (await world.TraitsAsync(Make.Aws))!.Region);
    }

    [Fact]
    public async Task A_member_that_is_found_later_is_read_and_routes_of_others_do_not_wait()
    {
        await using var world = new World(1, Make.Aws);
        world.Aws.ListAll(Shop);
        Assert.Equal("shop.example->aws", await world.RouteTextAsync());
        world.Feed.Tell(new MemberNews.Found(world.Registration(Make.Gcp)));
        world.Test.Run();
        Assert.Equal(1, world.Gcp.Runs);
        Assert.Equal("shop.example->aws", await world.RouteTextAsync());
        world.Gcp.ListAll(Shop);
        Assert.Equal("shop.example->aws,gcp", await world.RouteTextAsync());
    }

    [Fact]
    public async Task A_member_whose_registration_is_deleted_drains_and_then_goes_with_all_it_had()
    {
        await using var world = new World(1, Make.Aws, Make.Gcp);
        world.Aws.ListAll(Shop);
        world.Gcp.ListAll(Shop);
        Assert.Equal("shop.example->aws,gcp", await world.RouteTextAsync());
        world.Feed.Tell(new MemberNews.Gone(Make.Gcp, ""));
        world.Test.Advance(World.Grace / 2);
        Assert.Equal(MemberState.Drain, (await world.TraitsAsync(Make.Gcp))!.State);
        Assert.Equal("shop.example->aws,gcp", await world.RouteTextAsync());
        world.Test.Advance(World.Grace);
        Assert.True((await world.TraitsAsync(Make.Gcp))!.IsRemoved);
        Assert.Equal("shop.example->aws", await world.RouteTextAsync());
    }

    [Fact]
    public async Task What_is_registered_anew_under_the_name_of_a_removed_member_is_another_member()
    {
        await using var world = new World(1, Make.Aws, Make.Gcp);
        world.Aws.ListAll(Shop);
        world.Gcp.ListAll(Shop);
        await OrderAsync(world, new MemberProtocol.Remove(null, TimeSpan.Zero), Make.Gcp);
        Assert.Equal("shop.example->aws", await world.RouteTextAsync());
        world.Feed.Tell(new MemberNews.Found(world.Registration(Make.Gcp) with { Origin = "second" }));
        world.Test.Run();
        Assert.Equal(2, world.Gcp.Runs);
        world.Gcp.ListAll(Shop);
        Assert.Equal("shop.example->aws,gcp", await world.RouteTextAsync());
        Assert.False((await world.TraitsAsync(Make.Gcp))!.IsRemoved);
    }

    [Fact]
    public async Task A_member_that_a_node_merely_lost_keeps_what_it_had()
    {
        await using var world = new World(1, Make.Aws, Make.Gcp);
        world.Aws.ListAll(Shop);
        world.Gcp.ListAll(Shop);
        Assert.Equal("shop.example->aws,gcp", await world.RouteTextAsync());
        world.Feed.Tell(new MemberNews.Lost(Make.Gcp, "its Secret holds no kubeconfig"));
        Assert.Equal("shop.example->aws,gcp", await world.RouteTextAsync());
    }

    [Fact]
    public async Task A_member_is_stale_when_it_can_not_be_read_for_long_and_fresh_when_it_has_been_for_a_while()
    {
        await using var world = new World(1, Make.Aws);
        var times = new MemberTimes();
        world.Aws.ListAll(Shop);
        world.Aws.Emit(new MemberEvent.Disconnected(ResourceKind.Service, "refused"));
        world.Test.Advance(times.StaleAfter / 2);
        Assert.False((await world.TraitsAsync(Make.Aws))!.IsStale);
        world.Test.Advance(times.StaleAfter);
        Assert.True((await world.TraitsAsync(Make.Aws))!.IsStale);
        world.Aws.Emit(new MemberEvent.Connected(ResourceKind.Service));
        world.Test.Advance(times.FreshAfter / 2);
        Assert.True((await world.TraitsAsync(Make.Aws))!.IsStale);
        world.Test.Advance(times.FreshAfter);
        Assert.False((await world.TraitsAsync(Make.Aws))!.IsStale);
    }

    private static async Task<MemberTraits> OrderAsync(World world, object order, Model.Identity.MemberName? member = null)
    {
        var key = EntityKeys.Of(EntityId.Member(member ?? Make.Aws));
        return (await world.AskAsync<MemberProtocol.Traits>(world.Node.Region, new ShardingProtocol.ToEntity(key, order))).Value!;
    }
}
