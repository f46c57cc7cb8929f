using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Ingresses;

/// <summary>
/// The ages at which copies were first seen. They, not the ages of now, make the rank: a copy that is deleted and created anew is the first
/// again if it was, and clocks that differ between clusters decide once at most. All is forgotten with the last copy.
/// </summary>
internal sealed class RankBook
{
    private readonly SortedDictionary<MemberName, DateTimeOffset?> _ages = [];

    /// <param name="copies">Those that have something of their own.</param>
    public RankBook(EquatableArray<RecordedRank> recorded, IReadOnlyCollection<IngressCopy> copies, FederationContext context)
    {
        if (copies.Count == 0)
            return;
        foreach (var rank in recorded)
        {
            if (!context.IsRemoved(rank.Member))
                _ages.TryAdd(rank.Member, rank.Created);
        }

        foreach (var copy in copies)
            _ages.TryAdd(copy.Member, copy.Ingress.Meta.CreationTimestamp);
    }

    public EquatableArray<RecordedRank> Records => _ages.Select(static item => new RecordedRank(item.Key, item.Value)).ToEquatableArray();

    public DateTimeOffset? AgeOf(IngressCopy copy) => _ages.TryGetValue(copy.Member, out var age) ? age : copy.Ingress.Meta.CreationTimestamp;
}
