using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Members;

/// <summary>
/// Promise P2, unknown is not empty: an API server whose etcd was restored empty answers completely, and with nothing. A list that lacks
/// more than half of what a kind was worth is held as a whole: what it brings counts, what it lacks stays. The same answer a second time
/// proves nothing; being listed again, an observed deletion or an operator's approval ends the hold of an object.
/// <para>
/// Of a kind with little that says nothing: the last of two Ingresses may have been deleted while nobody watched. Then it counts what the
/// server remembers (<see cref="ServerMemory"/>): a list without a single object of before is held, and let go by itself as soon as another
/// list proves it.
/// </para>
/// </summary>
/// <param name="isOn">Else nothing is held.</param>
internal sealed class ShrinkGuard(bool isOn)
{
    /// <summary>
    /// A change of two objects out of three is no sign of anything: kinds worth less are held only where a server may have forgotten all
    /// that it had, and members with less, of all kinds, not at all.
    /// </summary>
    public const int MinWorth = 5;

    private const int Samples = 5;

    private readonly SortedDictionary<ResourceKind, Hold> _holds = [];
    private readonly Dictionary<ResourceKind, int> _lists = [];

    public bool IsHolding => _holds.Count > 0;

    public EquatableArray<HeldList> Held => _holds
        .Select(static item => new HeldList(
            item.Key,
            item.Value.Keys.Count,
            item.Value.SinceList,
            item.Value.Keys.Order().Take(Samples).Select(static key => key.ToString()).ToEquatableArray()))
        .ToEquatableArray();

    /// <summary>The rule itself.</summary>
    public static bool IsMassShrink(long all, long lost) => all >= MinWorth && lost * 2 > all;

    /// <summary>Takes note of a list.</summary>
    /// <param name="lacking">What the list lacks of what is known, held objects included.</param>
    /// <param name="known">All that is known.</param>
    /// <param name="worth">Routes, endpoints or objects that an object stands for.</param>
    /// <param name="loss">Those of them that would go with it.</param>
    /// <param name="isForgotten">It has nothing of what was known, of a member with enough of it, and nothing proves that the server remembers.</param>
    /// <returns>What is to be deleted.</returns>
    public IReadOnlyCollection<ObjectKey> Judge(
        ResourceKind kind, HashSet<ObjectKey> lacking, IEnumerable<ObjectKey> known, Func<ObjectKey, int> worth, Func<ObjectKey, int> loss, bool isForgotten)
    {
        var list = _lists[kind] = _lists.GetValueOrDefault(kind) + 1;
        if (!isOn)
            return lacking;
        var hold = _holds.GetValueOrDefault(kind);
        hold?.Keys.IntersectWith(lacking);
        HashSet<ObjectKey> news = hold is null ? lacking : [.. lacking.Except(hold.Keys)];
        if (news.Count > 0)
        {
            var (all, lost) = Weigh(news, hold is null ? known : known.Except(hold.Keys), worth, loss);
            var isMassShrink = IsMassShrink(all, lost);
            // A slice under another name takes no endpoint away: then there is nothing to hold.
            if (isMassShrink || (isForgotten && lost > 0))
            {
                if (hold is null)
                    _holds.Add(kind, hold = new Hold(list, []) { EndsByProof = true });
                hold.EndsByProof &= !isMassShrink;
                hold.Keys.UnionWith(news);
                news = [];
            }
        }

        if (hold is { Keys.Count: 0 })
            _holds.Remove(kind);
        return news;
    }

    /// <summary>The object was seen again, or its deletion was.</summary>
    public void Release(ResourceKind kind, ObjectKey key)
    {
        if (_holds.Count > 0 && _holds.TryGetValue(kind, out var hold) && hold.Keys.Remove(key) && hold.Keys.Count == 0)
            _holds.Remove(kind);
    }

    /// <summary>Ends every hold.</summary>
    /// <returns>What is to be deleted.</returns>
    public IReadOnlyList<(ResourceKind Kind, ObjectKey Key)> Approve() => End(static _ => true);

    /// <summary>Ends the holds of what a server may have forgotten: it remembers.</summary>
    /// <returns>What is to be deleted.</returns>
    public IReadOnlyList<(ResourceKind Kind, ObjectKey Key)> Disprove() => End(static hold => hold.EndsByProof);

    private static (long All, long Lost) Weigh(HashSet<ObjectKey> lacking, IEnumerable<ObjectKey> known, Func<ObjectKey, int> worth, Func<ObjectKey, int> loss)
    {
        long all = 0;
        long lost = 0;
        foreach (var key in known)
        {
            all += worth(key);
            if (lacking.Contains(key))
                lost += loss(key);
        }

        return (all, lost);
    }

    private (ResourceKind, ObjectKey)[] End(Func<Hold, bool> which)
    {
        if (_holds.Count == 0)
            return [];
        var ended = _holds.Where(item => which(item.Value)).ToList();
        foreach (var (kind, _) in ended)
            _holds.Remove(kind);
        return [.. ended.SelectMany(static item => item.Value.Keys.Order().Select(key => (item.Key, key)))];
    }

    private sealed record Hold(int SinceList, HashSet<ObjectKey> Keys)
    {
        /// <summary>Nothing but doubt in the server's memory is the reason.</summary>
        public bool EndsByProof { get; set; }
    }
}
