using MultiCluster.Actors;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Records;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.Entities;

/// <summary>Owns what is known of one member as a whole: what its watcher says of it, and what operators have ordered.</summary>
public sealed class MemberEntity(MemberName name, EntityStart start, EntityContext shared) : FederatedEntity<MemberWord>(start, shared)
{
    private readonly List<IActorRef> _asked = [];
    private MemberOrders _orders = MemberOrders.None;
    private TimeSpan _grace = new MemberTimes().RemovalGrace;
    private bool _ordered;
    private MemberTraits? _traits;

    /// <summary>Orders are kept without any watcher: a member that was removed stays so.</summary>
    private protected override bool IsEmpty => base.IsEmpty && _orders == MemberOrders.None;

    private MemberWord? Word => Copies.Count > 0 ? Copies[0] : null;

    private protected override void Handle(object message)
    {
        switch (message)
        {
            case MemberProtocol.SetState(var state):
                Order(_orders with { State = state == MemberState.Active ? null : state }, $"state {state}");
                break;
            case MemberProtocol.Remove remove:
                Remove(remove);
                break;
            case LeaveDue when _orders.IsLeaving:
                Order(_orders with { IsLeaving = false, IsRemoved = true }, "removed");
                break;
            case LeaveDue:
                break;
            case MemberProtocol.GetTraits:
                Context.Reply(new MemberProtocol.Traits(name, _traits, _orders));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private protected override EntityRecord? Merge(DateTimeOffset now)
    {
        _orders = MemberRules.Current(_orders, Word);
        _traits = MemberRules.TraitsOf(Word, _orders);
        if (_orders.IsLeaving && !Context.Timers.IsActive(LeaveDue.Instance))
            Context.Timers.StartSingle(LeaveDue.Instance, _grace, LeaveDue.Instance);
        else if (!_orders.IsLeaving)
            Context.Timers.Cancel(LeaveDue.Instance);
        return _traits is null ? null : new EntityRecord.Member(name, Copies, _orders, new Fragment.Member(name, _traits));
    }

    private protected override IEnumerable<(MemberName Member, MemberWord Copy)> Take(EntityRecord record)
    {
        if (record is not EntityRecord.Member member)
            return [];
        // What another owner had published is older than what was ordered here.
        if (!_ordered)
            _orders = member.Orders;
        return member.Copies.Select(static copy => (copy.Member, copy));
    }

    private protected override Cause CauseOf(MemberName member, MemberWord? copy, MemberWord? before) =>
        new(copy is null ? CauseKind.Deleted : CauseKind.Observed, null, copy?.StaleReason ?? "");

    private protected override void OnSettled()
    {
        foreach (var asker in _asked)
            asker.Tell(new MemberProtocol.Traits(name, _traits, _orders), Self);
        _asked.Clear();
    }

    private void Remove(MemberProtocol.Remove remove)
    {
        // Every node that sees the registration go says so.
        if (_orders.IsRemoved || (_orders.IsLeaving && remove.Grace > TimeSpan.Zero))
        {
            Order(_orders, "removed");
            return;
        }

        _grace = remove.Grace;
        var orders = _orders with { Origin = remove.Origin ?? Word?.Origin ?? "" };
        Order(_grace > TimeSpan.Zero ? orders with { IsLeaving = true } : orders with { IsLeaving = false, IsRemoved = true }, "removed");
    }

    private void Order(MemberOrders orders, string note)
    {
        _orders = orders;
        _ordered = true;
        if (Sender is { } asker)
            _asked.Add(asker);
        Reconsider(new Cause(CauseKind.Operator, null, note));
    }

    private sealed record LeaveDue
    {
        public static readonly LeaveDue Instance = new();
    }
}
