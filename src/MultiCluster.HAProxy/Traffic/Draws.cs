using System.Globalization;

namespace MultiCluster.HAProxy.Traffic;

/// <summary>
/// Shares as HAProxy draws them: a number of <see cref="Count"/>, looked up by its first digits. Every number has exactly one entry.
/// </summary>
public static class Draws
{
    public const int Count = 10_000;

    private const int Digits = 4;

    /// <summary>All numbers have as many digits, so that none is the beginning of another.</summary>
    public const int First = Count;

    /// <summary>
    /// Whole draws by largest remainder, so that they add up; whoever has any share has at least one.
    /// </summary>
    public static int[] Apportion(IReadOnlyList<double> shares)
    {
        var draws = new int[shares.Count];
        if (shares.Sum() <= 0)
            return draws;
        var used = 0;
        for (var i = 0; i < draws.Length; i++)
            used += draws[i] = shares[i] <= 0 ? 0 : Math.Max(1, (int)(shares[i] * Count));
        foreach (var i in Enumerable.Range(0, draws.Length).Where(i => shares[i] > 0).OrderByDescending(i => (shares[i] * Count) - draws[i]).ThenBy(static i => i))
        {
            if (used >= Count)
                break;
            draws[i]++;
            used++;
        }

        for (; used > Count; used--)
            draws[Array.IndexOf(draws, draws.Max())]--;
        return draws;
    }

    /// <summary>The fewest beginnings of numbers that stand for <paramref name="from"/> to <paramref name="to"/> - 1, counted from 0.</summary>
    public static IEnumerable<string> Prefixes(int from, int to)
    {
        while (from < to)
        {
            var size = 1;
            var digits = Digits;
            while (digits > 0 && from % (size * 10) == 0 && from + (size * 10) <= to)
            {
                size *= 10;
                digits--;
            }

            // "1" for all, then one digit more for each tenth.
            yield return ((First + from) / size).ToString(CultureInfo.InvariantCulture);
            from += size;
        }
    }
}
