using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.Records;

/// <summary>What operators have ordered for a member.</summary>
/// <param name="State">Null: nothing, so that it is as the member's watcher says.</param>
/// <param name="IsRemoved">Its objects are forgotten, whatever its watcher still says.</param>
public sealed record MemberOrders(MemberState? State, bool IsRemoved)
{
    public static readonly MemberOrders None = new(null, IsRemoved: false);
}
