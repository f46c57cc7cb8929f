using MultiCluster.Cluster.Delivery;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Federation.Members;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Tests.Members;

/// <summary>XT-44 for a watcher that starts anew: the first lists of an API server that lost what it knew are complete, and wrong.</summary>
public sealed class FirstListTests
{
    private const int Shops = 6;

    private static readonly TimeSpan Restart = TimeSpan.FromSeconds(6);
    private static readonly MemberViewOptions Guarded = new() { HoldsShrinks = true };
    private static readonly string All = string.Join(' ', Enumerable.Range(0, Shops).Select(static i => $"shop-{i}.example->aws"));

    [Fact]
    public async Task What_the_first_lists_of_a_new_watcher_lack_stays_until_an_operator_approves()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            await using var world = await StartAsync(seed);
            world.Told.Clear();
            RestartWatcher(world);

            world.Aws.ListAll();
            world.Test.Advance(World.Patience);
            await AssertAllAsync(world);
            Assert.Empty(world.Told);
            var status = await world.StatusAsync(Make.Aws);
            Assert.Equal(
                ["6 of 6 routes of kind Ingress that the first list lacks", "6 of 6 objects of kind Service that the first list lacks", "12 of 12 endpoints of kind EndpointSlice that the first list lacks"],
                status.Held);
            var traits = await world.TraitsAsync(Make.Aws);
            Assert.Equal((true, Reasons.MassShrink), (traits!.IsStale, traits.StaleReason));

            Assert.Equal(status.Held, (await ApproveAsync(world)).Released);
            Assert.Equal("", await world.RouteTextAsync());
            Assert.Contains(new MemberProtocol.MemberSynced(Make.Aws), world.Told);
            world.Test.Advance(new MemberTimes().FreshAfter * 2);
            Assert.False((await world.TraitsAsync(Make.Aws))!.IsStale);

            // Approved is approved: the next one has nothing to miss.
            RestartWatcher(world);
            world.Aws.ListAll();
            Assert.Empty((await world.StatusAsync(Make.Aws)).Held);
        }
    }

    /// <summary>Half of one Ingress says nothing: what counts is whether the server has anything that it had.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_only_Ingress_of_a_member_goes_unless_its_server_forgot_all(bool hasForgotten)
    {
        await using var world = new World(1, Guarded, Make.Aws);
        world.Aws.ListAll(WithUids([.. Objects(1), Make.Service("spare")], "first"));
        Assert.Equal("shop-0.example->aws", await world.RouteTextAsync());
        world.Test.Advance(Restart);
        RestartWatcher(world);

        // A Service of the same name is there either way.
        world.Aws.ListAll(WithUids([Make.Service("shop-0")], hasForgotten ? "second" : "first"));
        world.Test.Advance(World.Patience);
        Assert.Equal(hasForgotten ? "shop-0.example->aws" : "", await world.RouteTextAsync());
        string[] held = hasForgotten
            ? ["1 of 1 routes of kind Ingress that the first list lacks", "1 of 2 objects of kind Service that the first list lacks", "2 of 2 endpoints of kind EndpointSlice that the first list lacks"]
            : [];
        Assert.Equal(held, (await world.StatusAsync(Make.Aws)).Held);
        Assert.Equal(held, (await ApproveAsync(world)).Released);
        Assert.Equal("", await world.RouteTextAsync());
    }

    [Fact]
    public async Task A_list_that_has_them_again_ends_the_hold()
    {
        await using var world = await StartAsync(1);
        RestartWatcher(world);
        world.Aws.ListAll();
        await AssertAllAsync(world);

        world.Aws.ListAll(Objects(Shops));
        Assert.Empty((await world.StatusAsync(Make.Aws)).Held);
        Assert.Contains(new MemberProtocol.MemberSynced(Make.Aws), world.Told);
        await AssertAllAsync(world);
        // From here on a deletion is one again.
        foreach (var gone in Objects(Shops).Skip(3))
            world.Aws.Delete(gone);
        Assert.Equal("shop-0.example->aws", await world.RouteTextAsync());
    }

    [Fact]
    public async Task Objects_that_come_back_one_by_one_end_the_hold_and_what_is_still_missing_then_is_gone()
    {
        await using var world = await StartAsync(1);
        RestartWatcher(world);
        world.Aws.ListAll();
        foreach (var back in Objects(2))
            world.Aws.Set(back);
        world.Test.Advance(Restart);
        await AssertAllAsync(world);
        foreach (var back in Objects(4))
            world.Aws.Set(back);
        world.Test.Advance(Restart);
        Assert.Equal(4, (await world.RoutesAsync()).Routes.Length);
        Assert.Empty((await world.StatusAsync(Make.Aws)).Held);
    }

    [Fact]
    public async Task What_the_list_does_have_is_delivered_while_the_rest_is_held()
    {
        await using var world = await StartAsync(1);
        RestartWatcher(world);

        world.Aws.ListAll(
            Make.Ingress("new", "new.example", "new"), Make.Service("new"), Make.Slice("new", "10.0.9.9"),
            Make.Service("shop-0"), Make.Slice("shop-0", "10.0.9.1"));
        Assert.Equal("new.example->aws " + All, await world.RouteTextAsync());
        Assert.Equal("10.0.9.9", await world.AddressesAsync("new"));
        Assert.Equal("10.0.9.1", await world.AddressesAsync("shop-0"));
        Assert.Equal("10.0.1.1 10.0.1.2", await world.AddressesAsync("shop-1"));

        // So is what events bring.
        world.Aws.Set(Make.Slice("new", "10.0.9.8"));
        Assert.Equal("10.0.9.8", await world.AddressesAsync("new"));
        world.Aws.Delete(Make.Ingress("new", "new.example", "new"));
        await AssertRoutesAsync(world);
    }

    [Theory]
    [InlineData(ResourceKind.EndpointSlice)]
    [InlineData(ResourceKind.Service)]
    [InlineData(ResourceKind.IngressClass)]
    public async Task One_kind_that_is_lost_makes_no_copy_poorer(ResourceKind lost)
    {
        await using var world = await StartAsync(1, "ours");
        RestartWatcher(world);
        world.Aws.ListAll([.. Objects(Shops, "ours").Where(item => item.Kind != lost)]);
        world.Test.Advance(World.Patience);
        await AssertAllAsync(world);
        Assert.NotEmpty((await world.StatusAsync(Make.Aws)).Held);
    }

    [Fact]
    public async Task A_member_nobody_has_read_before_is_taken_as_it_is()
    {
        await using var world = new World(1, Guarded, Make.Aws);
        world.Aws.ListAll();
        world.Test.Run();
        Assert.Contains(new MemberProtocol.MemberSynced(Make.Aws), world.Told);
    }

    [Fact]
    public async Task Nothing_is_held_of_a_member_that_is_what_people_make_it()
    {
        await using var world = new World(1, Make.Aws);
        world.Aws.ListAll(Objects(Shops));
        await AssertAllAsync(world);
        RestartWatcher(world);
        world.Aws.ListAll();
        Assert.Equal("", await world.RouteTextAsync());
    }

    [Fact]
    public async Task Without_an_answer_nothing_is_taken_away_and_nothing_waits_for_ever()
    {
        await using var world = await StartAsync(1);
        world.LoseAsks();
        RestartWatcher(world);
        world.Aws.ListAll(Make.Ingress("new", "new.example", "new"), Make.Service("new"), Make.Slice("new", "10.0.9.9"));
        world.Test.Advance(World.Patience / 2);
        await AssertAllAsync(world);

        world.Test.Advance(World.Patience);
        Assert.Equal("new.example->aws " + All, await world.RouteTextAsync());
        Assert.Contains("can't be learned", Assert.Single((await world.StatusAsync(Make.Aws)).Held), StringComparison.Ordinal);

        world.LoseAsks(false);
        world.Test.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(3, (await world.StatusAsync(Make.Aws)).Held.Count);
        world.Aws.ListAll(Objects(Shops));
        await AssertAllAsync(world);
        Assert.Contains(new MemberProtocol.MemberSynced(Make.Aws), world.Told);
    }

    [Fact]
    public async Task An_entity_that_failed_answers_once_it_knows_again()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            await using var world = await StartAsync(seed);
            // The entity fails at a source without a name, and remembers nothing when the watcher asks.
            world.Aws.End();
            world.Node.Region.Tell(new ShardingProtocol.ToRunning(
                EntityKeys.Of(EntityId.Member(Make.Aws)), new DeliveryProtocol.Observed(null!, default, 0, null)));
            world.Test.Advance(Restart);
            Assert.Equal(2, world.Aws.Runs);
            world.Aws.ListAll();
            await AssertAllAsync(world);
            Assert.Equal(3, (await world.StatusAsync(Make.Aws)).Held.Count);
        }
    }

    [Fact]
    public async Task Pods_that_come_and_go_write_nothing_of_the_member_and_growth_does_once()
    {
        await using var world = await StartAsync(1);
        world.Test.Advance(TimeSpan.FromMinutes(1));
        world.MemberRows.Clear();
        for (var i = 0; i < 60; i++)
        {
            world.Aws.Set(Make.Slice("shop-0", i % 2 == 0 ? ["10.0.0.1"] : ["10.0.0.1", "10.0.0.2", "10.0.0.3"]));
            world.Test.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Empty(world.MemberRows);
        world.Aws.Set(Make.Slice("shop-0", [.. Enumerable.Range(1, 50).Select(static i => $"10.0.0.{i}")]));
        world.Test.Advance(TimeSpan.FromMinutes(1));
        var written = Assert.IsType<EntityRecord.Member>(Assert.Single(world.MemberRows).Payload);
        Assert.Contains(new KindCount(ResourceKind.EndpointSlice, 60), written.Copies[0].Footprint);
    }

    /// <summary>Folders have no guard; that they are remembered lets policies through while one is away.</summary>
    [Fact]
    public async Task The_size_of_a_member_without_guard_is_written_down_too()
    {
        await using var world = new World(1, Make.Aws);
        world.Aws.ListAll(Make.Service("shop"), Make.Slice("shop", "10.0.0.1", "10.0.0.2"));
        world.Test.Advance(TimeSpan.FromSeconds(10));
        var written = Assert.IsType<EntityRecord.Member>(world.MemberRows[^1].Payload);
        Assert.Contains(new KindCount(ResourceKind.EndpointSlice, 2), written.Copies[0].Footprint);
    }

    [Fact]
    public async Task What_was_seen_to_go_is_not_missed_later()
    {
        await using var world = await StartAsync(1);
        foreach (var gone in Objects(Shops).Skip(3))
            world.Aws.Delete(gone);
        world.Test.Advance(TimeSpan.FromSeconds(10));
        RestartWatcher(world);
        world.Aws.ListAll(Objects(1));
        Assert.Empty((await world.StatusAsync(Make.Aws)).Held);
        Assert.Equal("shop-0.example->aws", await world.RouteTextAsync());
    }

    /// <summary>The name is the member's identity: another cluster under it that has less is held, unless the member was removed before.</summary>
    [Fact]
    public async Task Another_origin_alone_proves_nothing_and_a_removal_before_it_forgets()
    {
        await using var world = await StartAsync(1);
        world.Aws.End();
        world.Feed.Tell(new MemberNews.Found(world.Registration(Make.Aws) with { Origin = "second" }));
        world.Test.Advance(Restart);
        world.Aws.ListAll();
        await AssertAllAsync(world);

        var key = EntityKeys.Of(EntityId.Member(Make.Aws));
        await world.AskAsync<MemberProtocol.Traits>(world.Node.Region, new ShardingProtocol.ToEntity(key, new MemberProtocol.Remove(null, TimeSpan.Zero)));
        Assert.Equal("", await world.RouteTextAsync());
        world.Feed.Tell(new MemberNews.Found(world.Registration(Make.Aws) with { Origin = "third" }));
        world.Test.Advance(Restart);
        world.Aws.ListAll(Objects(1));
        Assert.Equal("shop-0.example->aws", await world.RouteTextAsync());
        Assert.Empty((await world.StatusAsync(Make.Aws)).Held);
    }

    private static async Task<World> StartAsync(int seed, string? ingressClass = null)
    {
        var world = new World(seed, Guarded, Make.Aws);
        world.Aws.ListAll(Objects(Shops, ingressClass));
        await AssertAllAsync(world);
        Assert.Contains(new MemberProtocol.MemberSynced(Make.Aws), world.Told);
        return world;
    }

    private static void RestartWatcher(World world)
    {
        var runs = world.Aws.Runs;
        world.Told.Clear();
        world.Aws.End();
        world.Test.Advance(Restart);
        Assert.Equal(runs + 1, world.Aws.Runs);
    }

    private static async Task AssertRoutesAsync(World world) => Assert.Equal(All, await world.RouteTextAsync());

    private static async Task AssertAllAsync(World world)
    {
        await AssertRoutesAsync(world);
        for (var i = 0; i < Shops; i++)
            Assert.Equal($"10.0.{i}.1 10.0.{i}.2", await world.AddressesAsync($"shop-{i}"));
    }

    private static Task<MemberProtocol.Approved> ApproveAsync(World world) =>
        world.AskAsync<MemberProtocol.Approved>(world.Node.Region, new ShardingProtocol.ToEntity(MemberKeys.Of(Make.Aws), new MemberProtocol.Approve()));

    private static Resource[] WithUids(IEnumerable<Resource> items, string life) =>
        [.. items.Select(item => item with { Meta = item.Meta with { Uid = $"{life}-{item.Kind}-{item.Key}" } })];

    /// <summary>Of each shop an Ingress, a Service and a slice with two addresses, in this order.</summary>
    private static Resource[] Objects(int shops, string? ingressClass = null) =>
    [
        .. Enumerable.Range(0, shops).SelectMany(i => (Resource[])
        [
            Make.Ingress($"shop-{i}", $"shop-{i}.example", $"shop-{i}", ingressClass: ingressClass),
            Make.Service($"shop-{i}"),
            Make.Slice($"shop-{i}", $"10.0.{i}.1", $"10.0.{i}.2"),
        ]),
        .. ingressClass is null ? (ReadOnlySpan<Resource>)[] : [Make.Class(ingressClass)],
    ];
}
