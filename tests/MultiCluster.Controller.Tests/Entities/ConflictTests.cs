using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Tests.Entities;

public sealed class ConflictTests
{
    // The same path to another Service: with the same one they would share the route.
    private static readonly IngressResource Older = Make.Ingress("older", "shop.example", "shop", day: 1);
    private static readonly IngressResource Younger = Make.Ingress("younger", "shop.example", "cart", day: 2);

    [Fact]
    public async Task The_ingress_that_loses_a_path_says_so_and_the_one_that_has_it_does_not()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            await using var world = new World(seed, Make.Aws);
            world.Aws.ListAll(Younger, Older, Make.Service("shop"), Make.Service("cart"));
            world.Test.Run();

            var conflict = Assert.Single(await ConflictsAsync(world, "younger"));
            Assert.True(conflict.Status);
            Assert.Equal(Reasons.PathConflict, conflict.Reason);
            Assert.Contains("older", conflict.Message, StringComparison.Ordinal);
            Assert.Empty(await ConflictsAsync(world, "older"));
        }
    }

    [Fact]
    public async Task Precedence_may_turn_and_both_ingresses_hear_of_it()
    {
        await using var world = new World(1, Make.Aws);
        world.Aws.ListAll(Younger, Make.Service("shop"), Make.Service("cart"));
        world.Test.Run();
        Assert.Empty(await ConflictsAsync(world, "younger"));
        world.Aws.Set(Older);
        world.Test.Run();
        Assert.Single(await ConflictsAsync(world, "younger"));

        // Gone from everywhere its age is forgotten; only recreated where another member kept it would it be as old as it was.
        world.Aws.Delete(Older);
        world.Test.Run();
        world.Aws.Set(Older with { Meta = Make.Meta("older", day: 3) });
        world.Test.Run();
        Assert.Empty(await ConflictsAsync(world, "younger"));
        Assert.Single(await ConflictsAsync(world, "older"));
    }

    [Fact]
    public async Task The_conflict_ends_with_the_ingress_that_was_in_the_way_and_the_route_is_taken_over()
    {
        await using var world = new World(1, Make.Aws);
        world.Aws.ListAll(Older, Younger, Make.Service("shop"), Make.Service("cart"));
        world.Test.Run();
        world.Aws.Delete(Older);

        Assert.Equal(Make.Key("younger"), (await world.RoutesAsync()).Routes.Single().Value!.Ingress);
        Assert.Empty(await ConflictsAsync(world, "younger"));
    }

    [Fact]
    public async Task A_deleted_ingress_is_gone_though_it_had_conflicts()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            await using var world = new World(seed, Make.Aws);
            world.Aws.ListAll(Older, Younger, Make.Service("shop"), Make.Service("cart"));
            world.Test.Run();
            world.Aws.Delete(Younger);
            world.Test.Run();

            var answer = await world.AskEntityAsync<object>(EntityId.Ingress(Younger.Key), new EntityProtocol.GetIngress());
            Assert.Equal(new ShardingProtocol.NoSuchEntity(EntityKeys.Of(EntityId.Ingress(Younger.Key))), answer);
        }
    }

    private static async Task<IReadOnlyList<Condition>> ConflictsAsync(World world, string ingress)
    {
        var state = await world.AskEntityAsync<EntityProtocol.IngressState>(EntityId.Ingress(Make.Key(ingress)), new EntityProtocol.GetIngress());
        return [.. state.Conditions.Select(static item => item.Condition).Where(static item => item is { Type: ConditionType.Conflict, Status: true })];
    }
}
