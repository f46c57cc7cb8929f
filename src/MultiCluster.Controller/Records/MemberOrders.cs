using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.Records;

/// <summary>What operators have ordered for a member; it outlives restarts and registrations.</summary>
/// <param name="State">Null: as its registration says.</param>
/// <param name="IsRemoved">What it had is gone.</param>
public sealed record MemberOrders(MemberState? State, bool IsRemoved)
{
    public static readonly MemberOrders None = new(null, IsRemoved: false);

    /// <summary>It drains, and is removed after that.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>Of the registration that is removed, or leaves; one made anew under the same name is not meant.</summary>
    public string Origin { get; init; } = "";
}
