namespace MultiCluster.HAProxy.Traffic;

/// <summary>What counts of one group when traffic is divided.</summary>
/// <param name="Priority">0 first.</param>
/// <param name="Weight">0: no new sessions, for whatever reason.</param>
/// <param name="Total">Endpoints, also those that are not ready.</param>
/// <param name="Ramp">0 to 1: how far a group that came back may be used; 1 for one that never left.</param>
public readonly record struct ShareInput(int Priority, LocalityTier Tier, long Weight, int Total, int Healthy, double Ramp = 1)
{
    /// <summary>It has no endpoint that could take anything: it only lacks in its level, as one of which all endpoints are unhealthy does.</summary>
    public bool IsAbsent { get; init; }
}

/// <summary>
/// Divides new sessions among groups.
/// <para>
/// Groups of one priority and tier are a level; levels come by priority, then tier. With t the policy's threshold and h the healthy
/// part of a level's endpoints, a level keeps min(1, h/t) of what reaches it, and the rest flows on to the next: at or above the
/// threshold it keeps all, below it gives away what it lacks, without a cliff. What the last level can't keep goes back to all levels
/// in proportion of what they have.
/// </para>
/// <para>
/// Within a level a group's part is proportional to weight × min(1, own h/t) × ramp. A group with fewer healthy endpoints than the
/// policy's minimum counts as having none. A level of which some groups ramp keeps as much as without them, and of the difference
/// to what it would keep with them as far as they have ramped.
/// </para>
/// <para>
/// If nobody may be used because all have just come back, ramps are ignored; if nobody is healthy at all, health is: whatever is
/// wrong may be the checks, and HAProxy itself skips what it knows to be dead.
/// </para>
/// </summary>
public static class Shares
{
    /// <returns>By group, in order; they sum up to 1, or to 0 when no group has a weight.</returns>
    public static double[] Of(IReadOnlyList<ShareInput> groups, int thresholdPercent, int minHealthy)
    {
        var shares = new double[groups.Count];
        if (!groups.Any(static group => group.Weight > 0))
            return shares;
        var counted = groups.Select(group => group with { Healthy = group.Healthy < Math.Max(1, minHealthy) ? 0 : group.Healthy }).ToList();
        var threshold = Math.Clamp(thresholdPercent, 1, 100) / 100.0;
        if (Divide(counted, threshold, shares))
            return shares;
        if (Divide(counted.ConvertAll(static group => group with { Ramp = 1 }), threshold, shares))
            return shares;
        Divide(counted.ConvertAll(static group => group with { Ramp = 1, Total = 1, Healthy = 1, Weight = group.IsAbsent ? 0 : group.Weight }), threshold, shares);
        return shares;
    }

    private static bool Divide(List<ShareInput> groups, double threshold, double[] shares)
    {
        var left = 1.0;
        var levels = Enumerable.Range(0, groups.Count).Where(i => groups[i].Weight > 0).GroupBy(i => (groups[i].Priority, groups[i].Tier)).OrderBy(static level => level.Key);
        foreach (var level in levels)
        {
            var members = level.ToList();
            var kept = left * Kept(members.ConvertAll(i => groups[i]), threshold);
            if (kept <= 0)
                continue;
            var sum = members.Sum(i => Part(groups[i], threshold));
            foreach (var i in members)
                shares[i] = kept * Part(groups[i], threshold) / sum;
            left -= kept;
        }

        if (left >= 1)
            return false;
        for (var i = 0; i < shares.Length; i++)
            shares[i] /= 1 - left;
        return true;
    }

    /// <summary>How much of what reaches it a level keeps.</summary>
    private static double Kept(List<ShareInput> level, double threshold)
    {
        var total = level.Sum(static group => (long)group.Total);
        if (total == 0)
            return 0;
        var settled = level.Where(static group => group.Ramp >= 1).Sum(static group => (long)group.Healthy);
        var ramping = level.Where(static group => group.Ramp < 1).Sum(static group => (long)group.Healthy);
        var without = Math.Min(1, settled / (total * threshold));
        if (ramping == 0)
            return without;
        var with = Math.Min(1, (settled + ramping) / (total * threshold));
        var progress = level.Where(static group => group.Ramp < 1).Sum(static group => group.Healthy * Math.Max(0, group.Ramp)) / ramping;
        return without + ((with - without) * progress);
    }

    private static double Part(ShareInput group, double threshold) =>
        group.Total == 0 ? 0 : group.Weight * Math.Min(1, group.Healthy / (group.Total * threshold)) * Math.Clamp(group.Ramp, 0, 1);
}
