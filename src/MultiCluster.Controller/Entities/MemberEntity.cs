using MultiCluster.Actors;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Records;
using MultiCluster.Federation.Settings;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.Entities;

/// <summary>Owns what is known of one member as a whole: what its watcher says of it, and what operators have ordered.</summary>
public sealed class MemberEntity(MemberName name, EntityStart start, EntityContext shared) : FederatedEntity<MemberWord>(start, shared)
{
    private readonly List<IActorRef> _asked = [];

    /// <summary>Asked while this incarnation did not know yet what the one before did.</summary>
    private readonly List<IActorRef> _curious = [];
    private EquatableArray<KindCount> _footprint = [];
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
            case MemberProtocol.SetState(MemberState.Drain) drain when _orders.State == MemberState.Disabled:
                // A drain gives bound sessions back what the stricter order took; whoever means that takes the order back first.
                Order(_orders, "state Disabled", drain.By);
                break;
            case MemberProtocol.SetState(var state) set:
                Order(_orders with { State = state == MemberState.Active ? null : state }, $"state {state}", set.By);
                break;
            case MemberProtocol.Remove remove:
                Remove(remove);
                break;
            case LeaveDue when _orders.IsLeaving:
                Order(_orders with { IsLeaving = false, IsRemoved = true }, "removed");
                break;
            case LeaveDue:
                break;
            case MemberProtocol.GetTraits when IsRecalling && Sender is { } curious:
                _curious.Add(curious);
                break;
            case MemberProtocol.GetTraits:
                Context.Reply(Answer());
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
        RememberFootprint();
        if (!IsRecalling)
            TellCurious();
        return _traits is null ? null : new EntityRecord.Member(name, Words(), _orders, new Fragment.Member(name, _traits));
    }

    /// <summary>A watcher that can't say how much there is does not make it forgotten; a removal does.</summary>
    private void RememberFootprint()
    {
        if (_orders.IsRemoved)
            _footprint = [];
        else if (Word is { Footprint.IsEmpty: false } word)
            _footprint = word.Footprint;
    }

    private EquatableArray<MemberWord> Words() =>
        Word is { } word && word.Footprint != _footprint ? [word with { Footprint = _footprint }] : Copies;

    private void TellCurious()
    {
        foreach (var asker in _curious)
            asker.Tell(Answer(), Self);
        _curious.Clear();
    }

    private MemberProtocol.Traits Answer() => new(name, _traits, _orders) { Footprint = _footprint };

    private protected override IEnumerable<(MemberName Member, MemberWord Copy)> Take(EntityRecord record)
    {
        if (record is not EntityRecord.Member member)
            return [];
        // What another owner had published is older than what was ordered here.
        if (!_ordered)
            _orders = member.Orders;
        if (_footprint.IsEmpty && member.Copies.Count > 0)
            _footprint = member.Copies[0].Footprint;
        return member.Copies.Select(static copy => (copy.Member, copy));
    }

    /// <summary>What can't be read now, or is no good, takes nothing away.</summary>
    private protected override MemberWord Complete(MemberWord word, MemberWord? before) => word with
    {
        Settings = word.Settings is null ? before?.Settings : SettingsReader.Keep(word.Settings, before?.Settings ?? EquatableMap.Empty),
    };

    private protected override Cause CauseOf(MemberName member, MemberWord? copy, MemberWord? before) =>
        new(copy is null ? CauseKind.Deleted : CauseKind.Observed, null, copy?.StaleReason ?? "");

    private protected override void OnSettled()
    {
        foreach (var asker in _asked)
            asker.Tell(Answer(), Self);
        _asked.Clear();
    }

    private void Remove(MemberProtocol.Remove remove)
    {
        // Every node that sees the registration go says so.
        if (_orders.IsRemoved || (_orders.IsLeaving && remove.Grace > TimeSpan.Zero))
        {
            Order(_orders, "removed", remove.By);
            return;
        }

        _grace = remove.Grace;
        var orders = _orders with { Origin = remove.Origin ?? Word?.Origin ?? "" };
        Order(_grace > TimeSpan.Zero ? orders with { IsLeaving = true } : orders with { IsLeaving = false, IsRemoved = true }, "removed", remove.By);
    }

    private void Order(MemberOrders orders, string note, string by = "")
    {
        _orders = orders;
        _ordered = true;
        if (Sender is { } asker)
            _asked.Add(asker);
        Reconsider(new Cause(CauseKind.Operator, null, by.Length == 0 ? note : $"{note} by {by}"));
    }

    private sealed record LeaveDue
    {
        public static readonly LeaveDue Instance = new();
    }
}
