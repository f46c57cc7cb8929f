using MultiCluster.Model.Identity;

namespace MultiCluster.Federation.Ingresses;

/// <summary>
/// The age that a member's copy had when it was first seen. It is what precedence goes by: a copy that is deleted and made anew, or comes back from
/// a backup, does not change its place.
/// </summary>
/// <param name="Created">Null when nobody knew.</param>
public sealed record RecordedRank(MemberName Member, DateTimeOffset? Created);
