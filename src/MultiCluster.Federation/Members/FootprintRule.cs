using MultiCluster.Model.Collections;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Members;

/// <summary>
/// The guard against lists that lost half of a member, across the lives of those who read them: one that starts anew has nothing but a few
/// numbers to compare its first lists with.
/// </summary>
public static class FootprintRule
{
    /// <summary>
    /// What the guard would hold if it knew the objects. A kind that has not been counted is not judged. Of a server that has nothing of
    /// what it had, whatever is less is a loss: a member's only Ingress that was deleted while nobody watched leaves other objects behind.
    /// </summary>
    public static EquatableArray<KindLoss> Losses(EquatableArray<KindCount> before, EquatableArray<KindCount> now)
    {
        var hasForgotten = HasForgotten(before, now);
        var losses = new List<KindLoss>();
        foreach (var (kind, has, _) in now)
        {
            var had = Find(before, kind)?.Count ?? 0;
            if (IsLoss(had, has) || (hasForgotten && has < had))
                losses.Add(new KindLoss(kind, had, has));
        }

        return [.. losses];
    }

    /// <summary>
    /// Whether it is worth writing down: it is off by more than a quarter, or would hold back what is read now, or would not know the
    /// server again. Pods that come and go change nothing.
    /// </summary>
    public static bool IsOutdated(EquatableArray<KindCount> written, EquatableArray<KindCount> now) =>
        written.Count != now.Count || now.Any(count => Find(written, count.Kind) is not { } before || IsOutdated(before, count));

    private static bool IsOutdated(KindCount written, KindCount now)
    {
        if (written.Oldest != now.Oldest || (written.Count == 0 && now.Count > 0))
            return true;
        if (written.Count < ShrinkGuard.MinWorth)
            return now.Count >= ShrinkGuard.MinWorth;
        var change = Math.Abs(now.Count - written.Count);
        return (change >= ShrinkGuard.MinWorth && change * 4 > written.Count) || IsLoss(written.Count, now.Count);
    }

    private static bool IsLoss(long had, long has) => ShrinkGuard.IsMassShrink(had, Math.Max(0, had - has));

    /// <summary>
    /// Not a single one of the objects by which it would be known again is there. One is enough, of whatever kind: in an etcd that was
    /// restored empty all that has a name of before has another uid. As long as some have not been read, nothing is said; Secrets and grants may never be.
    /// </summary>
    private static bool HasForgotten(EquatableArray<KindCount> before, EquatableArray<KindCount> now)
    {
        var marked = before.Where(static count => count.Oldest.Length > 0).ToList();
        return marked.Count > 0 && before.Sum(static count => count.Count) >= ShrinkGuard.MinWorth
            && !marked.Exists(count => Find(now, count.Kind) is { } found ? found.Oldest == count.Oldest : count.Kind is not (ResourceKind.Secret or ResourceKind.ReferenceGrant));
    }

    private static KindCount? Find(EquatableArray<KindCount> counts, ResourceKind kind)
    {
        foreach (var count in counts)
        {
            if (count.Kind == kind)
                return count;
        }

        return null;
    }
}
