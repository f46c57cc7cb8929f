using MultiCluster.Controller.Members;
using MultiCluster.Controller.Status;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Controller.Tests.Entities;

/// <summary>What owners and watchers have those know who write it to API servers.</summary>
public sealed class ReportTests
{
    [Fact]
    public async Task An_ingress_of_which_nothing_is_to_be_said_is_no_message_and_no_pod_is_one()
    {
        await using var world = new World(1, Make.Aws, Make.Gcp);
        List(world.Aws, "shop");
        List(world.Gcp, "shop");
        world.Test.Run();
        Assert.Empty(Verdicts(world));
        world.Gcp.Set(Make.Ingress("shop", "shop.example", "other"));
        world.Test.Run();
        var told = Verdicts(world).Count;
        Assert.InRange(told, 1, 2);

        for (var i = 2; i < 100; i++)
        {
            world.Aws.Set(Make.Slice("shop", $"10.0.0.{i}"));
            world.Test.Run();
        }

        Assert.Equal(told, Verdicts(world).Count);
    }

    [Fact]
    public async Task A_conflict_is_told_and_so_is_its_end()
    {
        await using var world = new World(1, Make.Aws, Make.Gcp);
        List(world.Aws, "shop");
        List(world.Gcp, "other");
        world.Test.Run();
        var conflict = Verdicts(world)[^1];
        Assert.Equal(Reasons.PathConflict, Assert.Single(conflict.Conditions, static item => item.Member == Make.Aws && item.Condition.Type == ConditionType.Conflict).Condition.Reason);
        world.Gcp.Set(Make.Ingress("shop", "shop.example", "shop"));
        world.Test.Run();
        Assert.DoesNotContain(Verdicts(world)[^1].Conditions, static item => item.Condition is { Type: ConditionType.Conflict, Status: true });
    }

    [Fact]
    public async Task A_path_that_another_ingress_has_is_told_by_the_owner_of_the_one_that_lost_it()
    {
        await using var world = new World(1, Make.Aws);
        world.Aws.ListAll(
            Make.Ingress("shop", "shop.example", "shop"), Make.Ingress("later", "shop.example", "other", day: 2), Make.Service("shop"), Make.Service("other"));
        world.Test.Run();
        var verdict = Verdicts(world)[^1];
        Assert.Equal(Make.Key("later"), verdict.Ingress);
        Assert.Contains(verdict.Conditions, static item => item.Condition is { Type: ConditionType.Conflict, Status: true });
        Assert.DoesNotContain(Verdicts(world), static item => item.Ingress == Make.Key("shop"));
    }

    [Fact]
    public async Task A_watcher_tells_how_its_member_is_when_that_changes()
    {
        await using var world = new World(1, Make.Aws);
        world.Feed.Tell(new MemberNews.Found(world.Registration(Make.Aws) with { HomeObject = new HomeObject("aws", 2), CredentialProblem = static () => null }));
        world.Aws.ListAll();
        foreach (var kind in Enum.GetValues<ResourceKind>())
            world.Aws.Emit(new MemberEvent.Connected(kind));
        world.Test.Advance(TimeSpan.FromSeconds(10));
        var seen = Reports(world);
        Assert.Contains(seen[^1].Conditions, static item => item is { Type: "Synced", Status: true });
        Assert.Contains(seen[^1].Conditions, static item => item is { Type: "CredentialsValid", Status: true });
        Assert.Equal(2, seen[^1].Generation);
        world.Test.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(seen.Count, Reports(world).Count);

        world.Aws.Emit(new MemberEvent.Disconnected(ResourceKind.Service, "refused"));
        world.Test.Advance(TimeSpan.FromSeconds(30));
        Assert.Contains(Reports(world)[^1].Conditions, static item => item is { Type: "Reachable", Status: false });
        Assert.Contains(Reports(world)[^1].Conditions, static item => item is { Type: "Stale", Status: true });
    }

    private static List<IngressVerdict> Verdicts(World world) => [.. world.Reported.OfType<StatusProtocol.Judged>().Select(static item => item.Verdict!)];

    private static List<MemberClusterReport> Reports(World world) => [.. world.Reported.OfType<StatusProtocol.MemberSeen>().Select(static item => item.Report)];

    private static void List(ScriptedSource member, string service) =>
        member.ListAll(Make.Ingress("shop", "shop.example", service), Make.Service("shop"), Make.Service("other"), Make.Slice("shop", "10.0.0.1"));
}
