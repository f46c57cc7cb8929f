using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;

namespace MultiCluster.HAProxy.Planning;

/// <summary>
/// As long as a member has not been read, what it may want is not removed: routes, backends and certificates may be anybody's; a server
/// is of the member that its name begins with.
/// </summary>
/// <param name="Missing">Members that have not been read.</param>
/// <param name="OfAll">What is known of the others may be old.</param>
public sealed record RemovalHold(EquatableArray<MemberName> Missing, bool OfAll = false)
{
    /// <param name="server">As in <see cref="Data.BackendNames.Server"/>; one that hands have named may be anybody's.</param>
    public bool Keeps(string server)
    {
        var colon = server.IndexOf(':', StringComparison.Ordinal);
        return OfAll || colon <= 0 || Missing.Items.Contains(new MemberName(server[..colon]));
    }
}
