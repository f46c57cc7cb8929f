using MultiCluster.Controller.Records;
using MultiCluster.Model.Members;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.Members;

/// <summary>What follows for a member from what its watcher says and what operators have ordered. Pure.</summary>
internal static class MemberRules
{
    /// <summary>A member that was registered anew after its removal starts without orders.</summary>
    public static MemberOrders Current(MemberOrders orders, MemberWord? word) =>
        orders is { IsRemoved: false, IsLeaving: false } || word is null || string.Equals(word.Origin, orders.Origin, StringComparison.Ordinal) ? orders : MemberOrders.None;

    /// <returns>Null: nothing is known of such a member.</returns>
    public static MemberTraits? TraitsOf(MemberWord? word, MemberOrders orders)
    {
        if (orders.IsRemoved)
            return new MemberTraits(MemberState.Disabled) { IsRemoved = true, Origin = orders.Origin };
        if (word is null && orders == MemberOrders.None)
            return null;
        return new MemberTraits(Stricter(word?.State, Stricter(orders.State, orders.IsLeaving ? MemberState.Drain : null)))
        {
            Labels = word?.Labels ?? Model.Collections.EquatableMap.Empty,
            IsStale = word is null or { IsStale: true },
            StaleReason = word is null ? Model.Conditions.Reasons.Unreachable : word.StaleReason,
            Origin = word?.Origin ?? "",
            Settings = word?.Settings ?? Model.Collections.EquatableMap.Empty,
        };
    }

    private static MemberState Stricter(MemberState? left, MemberState? right) =>
        (MemberState)Math.Max((int)(left ?? MemberState.Active), (int)(right ?? MemberState.Active));
}
