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
    /// <summary>What the guard would hold if it knew the objects. A kind that has not been counted is not judged.</summary>
    public static EquatableArray<KindLoss> Losses(EquatableArray<KindCount> before, EquatableArray<KindCount> now)
    {
        var losses = new List<KindLoss>();
        foreach (var (kind, has) in now)
        {
            var had = CountOf(before, kind) ?? 0;
            if (IsLoss(had, has))
                losses.Add(new KindLoss(kind, had, has));
        }

        return [.. losses];
    }

    /// <summary>
    /// Whether it is worth writing down: it is off by more than a quarter, or would hold back what is read now. Pods that come and go
    /// change nothing.
    /// </summary>
    public static bool IsOutdated(EquatableArray<KindCount> written, EquatableArray<KindCount> now) =>
        written.Count != now.Count || now.Any(count => CountOf(written, count.Kind) is not { } before || IsOutdated(before, count.Count));

    private static bool IsOutdated(long written, long now)
    {
        if (written < ShrinkGuard.MinWorth)
            return now >= ShrinkGuard.MinWorth;
        var change = Math.Abs(now - written);
        return (change >= ShrinkGuard.MinWorth && change * 4 > written) || IsLoss(written, now);
    }

    private static bool IsLoss(long had, long has) => ShrinkGuard.IsMassShrink(had, Math.Max(0, had - has));

    private static long? CountOf(EquatableArray<KindCount> counts, ResourceKind kind)
    {
        foreach (var count in counts)
        {
            if (count.Kind == kind)
                return count.Count;
        }

        return null;
    }
}
