using System.Collections.Immutable;
using MultiCluster.Actors;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Routing;
using MultiCluster.Model.Admin;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.Admin;

/// <summary>What the admin API says of members, and orders for them.</summary>
public sealed class MemberQueries(ControllerSystem controller)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <summary>Shorter than what people and their tools wait for a whole list.</summary>
    private static readonly TimeSpan WatcherDeadline = TimeSpan.FromSeconds(3);

    /// <summary>Those that are registered here, and those that are known without.</summary>
    public async Task<IReadOnlyList<MemberDetailView>> ListAsync(CancellationToken cancellationToken)
    {
        var tree = await controller.TreeAsync(Deadline, cancellationToken);
        var traits = await TraitsAsync(tree, cancellationToken);
        var names = tree.Core.Members.Members.Keys.Union(traits.Keys).Order();
        var sessions = await MemberSessions.OfAsync(tree, Deadline, cancellationToken);
        return await Task.WhenAll(names.Select(name => DetailAsync(tree, name, traits.GetValueOrDefault(name), sessions, cancellationToken)));
    }

    public async Task<AdminAnswer<MemberDetailView>> ShowAsync(string name, CancellationToken cancellationToken)
    {
        var member = (await ListAsync(cancellationToken)).FirstOrDefault(view => string.Equals(view.Member.Name, name, StringComparison.Ordinal));
        return member is null ? Unknown(name) : member;
    }

    /// <summary>What names members and can't be used.</summary>
    public async Task<MemberProblemsView> ProblemsAsync(CancellationToken cancellationToken)
    {
        var tree = await controller.TreeAsync(Deadline, cancellationToken);
        var troubles = await tree.Core.Directory.AskAsync<MemberProtocol.Troubles>(new MemberProtocol.GetTroubles(), Deadline, cancellationToken);
        return new MemberProblemsView([.. troubles.Problems]);
    }

    /// <param name="state">Active takes back what was ordered before.</param>
    /// <returns>A conflict for a drain of a member that an operator has disabled: its owner keeps the stricter order.</returns>
    public async Task<AdminAnswer<MemberOrderView>> SetStateAsync(string name, MemberState state, string by, CancellationToken cancellationToken) =>
        await OrderAsync(name, new MemberProtocol.SetState(state) { By = by }, cancellationToken);

    /// <param name="grace">Null: as configured.</param>
    public async Task<AdminAnswer<MemberOrderView>> RemoveAsync(string name, TimeSpan? grace, string by, CancellationToken cancellationToken)
    {
        var tree = await controller.TreeAsync(Deadline, cancellationToken);
        if (tree.Core.Members.Find(new MemberName(name)) is { IsConfigured: true })
            return Problems.Conflict("Member configured", $"the configuration names member {name}, which would be back with the next start: take it out of \"members\" on every controller first");
        return await OrderAsync(name, new MemberProtocol.Remove(null, grace ?? tree.Core.Times.RemovalGrace) { By = by }, cancellationToken);
    }

    public async Task<AdminAnswer<MemberOrderView>> ApproveAsync(string name, CancellationToken cancellationToken)
    {
        var tree = await controller.TreeAsync(Deadline, cancellationToken);
        var member = new MemberName(name);
        if (tree.Core.Members.Find(member) is null)
            return Unknown(name);
        var question = new ShardingProtocol.ToEntity(MemberKeys.Of(member), new MemberProtocol.Approve());
        var approved = await tree.Core.Node.Region.AskAsync<MemberProtocol.Approved>(question, Deadline, cancellationToken);
        var traits = (await TraitsAsync(tree, cancellationToken)).GetValueOrDefault(member);
        return new MemberOrderView(name, $"{traits?.State ?? MemberState.Active}", traits?.IsRemoved == true, [.. approved.Released]);
    }

    private async Task<AdminAnswer<MemberOrderView>> OrderAsync(string name, object order, CancellationToken cancellationToken)
    {
        var tree = await controller.TreeAsync(Deadline, cancellationToken);
        var member = new MemberName(name);
        if (tree.Core.Members.Find(member) is null && !(await TraitsAsync(tree, cancellationToken)).ContainsKey(member))
            return Unknown(name);
        var question = new ShardingProtocol.ToEntity(EntityKeys.Of(EntityId.Member(member)), order);
        var (_, traits, orders) = await tree.Core.Node.Region.AskAsync<MemberProtocol.Traits>(question, Deadline, cancellationToken);
        if (order is MemberProtocol.SetState(MemberState.Drain) && orders.State == MemberState.Disabled)
            return Problems.Conflict("Member disabled", $"member {name} is disabled by an operator's order and has no traffic to drain: \"mcctl member undrain {name}\" takes that order back first, with new sessions; \"mcctl member cordon {name}\" right after it lets only bound sessions go on");
        return new MemberOrderView(name, $"{traits?.State ?? MemberState.Active}", traits?.IsRemoved == true, []);
    }

    private static ProblemView Unknown(string name) =>
        Problems.NotFound("Member not found", $"there is no member {name}; \"mcctl member list\" shows those known");

    private static async Task<ImmutableSortedDictionary<MemberName, MemberTraits>> TraitsAsync(ControlPlane.Tree tree, CancellationToken cancellationToken) =>
        (await tree.Core.Table.AskAsync<RouteTableProtocol.Members>(new RouteTableProtocol.GetMembers(), Deadline, cancellationToken)).Traits;

    private static async Task<MemberDetailView> DetailAsync(
        ControlPlane.Tree tree, MemberName name, MemberTraits? traits, MemberSessions sessions, CancellationToken cancellationToken)
    {
        var registration = traits?.IsRemoved == true ? null : tree.Core.Members.Find(name);
        var (status, silence) = registration is null ? (null, null) : await StatusAsync(tree, name, cancellationToken);
        var orders = (await tree.Core.Node.Region.AskAsync<MemberProtocol.Traits>(
            new ShardingProtocol.ToEntity(EntityKeys.Of(EntityId.Member(name)), new MemberProtocol.GetTraits()), Deadline, cancellationToken)).Orders;
        var view = MemberDetails.Of(name, registration, status, traits, orders, sessions);
        return view with { Member = view.Member with { Problems = [.. view.Member.Problems, .. tree.Core.Members.Writes.Of(name), .. silence is null ? [] : new[] { silence }] } };
    }

    /// <returns>Also why there is none: one watcher that does not answer must not keep the others from being seen.</returns>
    private static async Task<(MemberProtocol.MemberStatus? Status, string? Silence)> StatusAsync(ControlPlane.Tree tree, MemberName name, CancellationToken cancellationToken)
    {
        try
        {
            return (await tree.Core.Node.Region.AskAsync<MemberProtocol.MemberStatus>(
                new ShardingProtocol.ToEntity(MemberKeys.Of(name), new MemberProtocol.GetStatus()), WatcherDeadline, cancellationToken), null);
        }
        catch (AskTimeoutException)
        {
            return (null, "its watcher does not answer: it is starting, or on its way to another controller; the controllers' logs say more");
        }
    }
}
