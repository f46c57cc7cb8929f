using MultiCluster.Federation.Policies;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;

namespace MultiCluster.Federation.Ingresses;

/// <summary>
/// Promise P8: members that can't be read for longer than an explicit ttl get no traffic, but some always do. A member that is read and
/// holds a shrink back does not expire.
/// </summary>
internal sealed class Expiry
{
    private readonly StalenessPolicy _policy;
    private readonly SortedSet<MemberName> _left = [];
    private readonly Dictionary<MemberName, TimeSpan> _expired = [];

    public Expiry(StalenessPolicy policy, FederationContext context, IEnumerable<MemberName> members, DateTimeOffset now)
    {
        _policy = policy;
        if (policy.Ttl <= TimeSpan.Zero || context.Stale.Count == 0)
            return;
        foreach (var member in members.Distinct())
        {
            if (!context.Stale.TryGetValue(member, out var stale) || !string.Equals(stale.Reason, Reasons.Unreachable, StringComparison.Ordinal))
                continue;
            var left = policy.Ttl - stale.For;
            if (left <= TimeSpan.Zero)
                _expired.Add(member, stale.For);
            else if (NextChange is null || now + left < NextChange)
                NextChange = now + left;
        }
    }

    public TimeSpan Ttl => _policy.Ttl;

    /// <summary>When the next member expires.</summary>
    public DateTimeOffset? NextChange { get; }

    /// <summary>Some route goes without the member.</summary>
    public bool IsLeftOut(MemberName member) => _left.Contains(member);

    /// <summary>The members without expired ones; of these as many as are needed stay, the last to become stale first, then by name.</summary>
    public EquatableArray<MemberName> Keep(EquatableArray<MemberName> members)
    {
        if (_expired.Count == 0 || !members.Any(_expired.ContainsKey))
            return members;
        var needed = Math.Max(_policy.MinClusters, 1) - members.Count(member => !_expired.ContainsKey(member));
        var staying = members.Where(_expired.ContainsKey).OrderBy(member => _expired[member]).ThenBy(static member => member).Take(Math.Max(needed, 0)).ToHashSet();
        var kept = members.Where(member => !_expired.ContainsKey(member) || staying.Contains(member)).ToEquatableArray();
        _left.UnionWith(members.Except(kept));
        return kept;
    }
}
