using MultiCluster.Controller.Members;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Federation.Members;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.Tests.Entities;

public sealed class BackendEntityTests
{
    private static readonly EntityId Shop = EntityId.Backend(Make.Key("shop"));

    /// <summary>Makes the Service part of routing.</summary>
    private static readonly IngressResource Route = Make.Ingress("shop", "shop.example", "shop");

    [Fact]
    public async Task A_restarted_entity_publishes_nothing_before_it_has_every_members_copy_again()
    {
        for (var seed = 1; seed <= 30; seed++)
        {
            await using var world = new World(seed, Make.Aws, Make.Gcp);
            world.Resolver.Answer("db.example", "192.0.2.1");
            world.Resolver.Answer("db2.example", "192.0.2.2");
            world.Aws.ListAll(Route, Make.ExternalService("shop", "db.example"));
            world.Gcp.ListAll(Make.Service("shop"), Make.Slice("shop", "10.1.0.1"));
            world.Test.Run();
            Assert.Equal("192.0.2.1 10.1.0.1", await world.AddressesAsync("shop"));
            world.Told.Clear();

            world.Resolver.IsBroken = true;
            world.Aws.Set(Make.ExternalService("shop", "db2.example"));
            world.Test.Run();
            world.Resolver.IsBroken = false;
            // News of one member in the middle of the recovery must not pass for the whole.
            world.Gcp.Set(Make.Slice("shop", "10.1.0.1", "10.1.0.2"));
            world.Test.Advance(TimeSpan.FromSeconds(1));

            Assert.Equal("192.0.2.2 10.1.0.1 10.1.0.2", await world.AddressesAsync("shop"));
            Assert.All(world.Published(Shop), static update => Assert.Equal(2, Assert.IsType<Fragment.Backend>(World.FragmentOf(update)).Members.Count));
        }
    }

    [Fact]
    public async Task An_entity_that_fails_again_and_again_is_never_given_up_and_its_last_word_stands()
    {
        await using var world = new World(1, Make.Aws, Make.Gcp);
        world.Resolver.Answer("db.example", "192.0.2.1");
        world.Aws.ListAll(Route, Make.Service("shop"), Make.Slice("shop", "10.0.0.1"));
        world.Gcp.ListAll(Make.Service("shop"), Make.Slice("shop", "10.1.0.1"));
        world.Test.Run();
        world.Told.Clear();

        world.Resolver.IsBroken = true;
        world.Aws.Set(Make.ExternalService("shop", "db.example"));
        world.Test.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("10.0.0.1 10.1.0.1", await world.AddressesAsync("shop"));
        Assert.Empty(world.Published(Shop));

        world.Resolver.IsBroken = false;
        world.Test.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("192.0.2.1 10.1.0.1", await world.AddressesAsync("shop"));
    }

    [Fact]
    public async Task The_last_addresses_of_a_name_stay_when_it_can_not_be_resolved()
    {
        await using var world = new World(1, Make.Aws);
        world.Resolver.Answer("db.example", "192.0.2.1");
        world.Aws.ListAll(Route, Make.ExternalService("shop", "db.example"));
        world.Test.Run();
        Assert.Equal("192.0.2.1", await world.AddressesAsync("shop"));

        world.Resolver.Forget("db.example");
        world.Test.Advance(TimeSpan.FromMinutes(5));
        Assert.True(world.Resolver.Asked.Count > 5, "the name was not asked for again");
        Assert.Equal("192.0.2.1", await world.AddressesAsync("shop"));

        world.Resolver.Answer("db.example");
        world.Test.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("192.0.2.1", await world.AddressesAsync("shop"));

        world.Resolver.Answer("db.example", "192.0.2.7");
        world.Test.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("192.0.2.7", await world.AddressesAsync("shop"));
    }

    /// <summary>XT-54 for load balancers: clouds move the addresses behind their host names.</summary>
    [Fact]
    public async Task Addresses_behind_a_load_balancers_host_name_are_followed_and_stay_when_it_can_not_be_resolved()
    {
        await using var world = new World(1, Make.Aws);
        var view = new MemberViewOptions { Access = new EndpointAccess(EndpointMode.LoadBalancer, default) };
        world.Feed.Tell(new MemberNews.Found(world.Registration(Make.Aws) with { View = view }));
        world.Test.Advance(TimeSpan.FromSeconds(1));
        world.Resolver.Answer("lb.example", "192.0.2.1", "192.0.2.2");
        world.Aws.ListAll(Route, Make.Service("shop") with { Type = "LoadBalancer", LoadBalancerAddresses = ["lb.example"] });
        world.Test.Run();
        Assert.Equal("192.0.2.1 192.0.2.2", await world.AddressesAsync("shop"));

        world.Resolver.Answer("lb.example", "192.0.2.2", "192.0.2.3");
        world.Test.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("192.0.2.2 192.0.2.3", await world.AddressesAsync("shop"));

        world.Resolver.Forget("lb.example");
        world.Test.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("192.0.2.2 192.0.2.3", await world.AddressesAsync("shop"));
    }

    [Fact]
    public async Task Addresses_of_a_name_that_nobody_uses_any_more_are_forgotten()
    {
        await using var world = new World(1, Make.Aws);
        world.Resolver.Answer("db.example", "192.0.2.1");
        world.Resolver.Answer("db2.example", "192.0.2.2");
        world.Aws.ListAll(Route, Make.ExternalService("shop", "db.example"));
        world.Test.Run();
        world.Aws.Set(Make.ExternalService("shop", "db2.example"));
        world.Test.Run();
        world.Resolver.Answer("db.example", "192.0.2.7");
        world.Resolver.Asked.Clear();

        world.Aws.Set(Make.ExternalService("shop", "db.example"));
        world.Test.Run();

        Assert.Equal(["db.example"], world.Resolver.Asked);
        Assert.Equal("192.0.2.7", await world.AddressesAsync("shop"));
    }

    [Fact]
    public async Task A_name_is_resolved_again_though_its_service_changes_all_the_time()
    {
        await using var world = new World(1, Make.Aws, Make.Gcp);
        world.Resolver.Answer("db.example", "192.0.2.1");
        world.Aws.ListAll(Route, Make.ExternalService("shop", "db.example"));
        world.Gcp.ListAll(Make.Service("shop"));
        world.Test.Run();
        world.Resolver.Answer("db.example", "192.0.2.2");
        for (var i = 1; i <= 20; i++)
        {
            world.Gcp.Set(Make.Slice("shop", $"10.1.0.{i}"));
            world.Test.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal("192.0.2.2 10.1.0.20", await world.AddressesAsync("shop"));
    }

    [Fact]
    public async Task Nobody_is_asked_any_more_once_no_member_has_the_name()
    {
        await using var world = new World(1, Make.Aws);
        var service = Make.ExternalService("shop", "db.example");
        world.Aws.ListAll(Route, service);
        world.Test.Run();
        world.Aws.Delete(service);
        world.Test.Run();
        world.Resolver.Asked.Clear();
        world.Test.Advance(TimeSpan.FromMinutes(5));
        Assert.Empty(world.Resolver.Asked);
        Assert.Equal("none", await world.AddressesAsync("shop"));
    }

    /// <summary>P9; what waits and how long is FlapDamper's, that it ends by itself is the entity's.</summary>
    [Fact]
    public async Task A_pod_that_comes_and_goes_waits_and_is_taken_when_it_has_stayed()
    {
        await using var world = new World(1, Make.Aws);
        world.Aws.ListAll(Route, Make.Service("shop"), Pods(1, 2));
        world.Test.Run();
        for (var i = 0; i < 4; i++)
        {
            world.Aws.Set(Pods(1));
            world.Test.Run();
            Assert.Equal("10.0.0.1", await world.AddressesAsync("shop"));
            world.Aws.Set(Pods(1, 2));
            world.Test.Run();
            Assert.Equal(i == 3 ? "10.0.0.1" : "10.0.0.1 10.0.0.2", await world.AddressesAsync("shop"));
        }

        var published = Assert.IsType<Fragment.Backend>(World.FragmentOf(world.Published(Shop).Last()));
        Assert.Equal(Reasons.Flapping, Assert.Single(published.Conditions).Condition.Reason);
        world.Test.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("10.0.0.1 10.0.0.2", await world.AddressesAsync("shop"));
        Assert.Empty(Assert.IsType<Fragment.Backend>(World.FragmentOf(world.Published(Shop).Last())).Conditions);

        static EndpointSliceResource Pods(params int[] pods) => Make.Slice("shop") with
        {
            Endpoints = pods.Select(static pod => new Endpoint([$"10.0.0.{pod}"], Ready: true, Serving: true, Terminating: false) { PodName = $"shop-{pod}" }).ToEquatableArray(),
        };
    }

    [Fact]
    public async Task What_changes_nothing_in_the_merge_changes_no_route()
    {
        await using var world = new World(1, Make.Aws);
        world.Aws.ListAll(Route, Make.Service("shop"), Make.Slice("shop", "10.0.0.1"));
        world.Test.Run();
        var before = await world.RoutesAsync();
        var slice = Make.Slice("shop", "10.0.0.1");
        world.Aws.Set(slice with { Meta = slice.Meta with { ResourceVersion = "8" } });
        Assert.Equal(before.Version, (await world.RoutesAsync()).Version);
        Assert.Equal(2, world.Published(Shop).Count());
    }
}
