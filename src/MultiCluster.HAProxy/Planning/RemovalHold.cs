using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;

namespace MultiCluster.HAProxy.Planning;

/// <summary>
/// As long as a member has not been read, what it may want is not removed: routes, backends and certificates may be anybody's; a server
/// is of the member that its name begins with.
/// </summary>
/// <param name="Missing">Members that have not been read.</param>
/// <param name="OfAll">What is known of the others may be old.</param>
/// <param name="OfUnknown">There may be members of which nothing has been heard yet.</param>
public sealed record RemovalHold(EquatableArray<MemberName> Missing, bool OfAll = false, bool OfUnknown = false)
{
    /// <summary>
    /// What routes lead to, and how they choose among groups, stays too: what the missing members had before is not known, so that what would
    /// be made of it now may be a part only. Else values change, and only removals wait: drains and weights are most wanted when a cloud is away.
    /// </summary>
    public bool OfValues { get; init; } = true;

    /// <param name="server">As in <see cref="Data.BackendNames.Server"/>; one that hands have named may be anybody's.</param>
    /// <param name="isKnown">Whether anything has been heard of that member.</param>
    public bool Keeps(string server, Func<MemberName, bool> isKnown)
    {
        if (OfAll || Data.BackendNames.MemberOf(server) is not { } member)
            return true;
        return Missing.Items.Contains(member) || (OfUnknown && !isKnown(member));
    }
}
