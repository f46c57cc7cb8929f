using System.Globalization;

namespace MultiCluster.Acme.Protocol;

/// <summary>When an authority wants to be asked again: seconds, or an instant by its own clock.</summary>
internal static class RetryAfter
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    /// <param name="date">When the answer was written, by the authority's clock: clocks of two machines are not compared.</param>
    /// <returns>Null: it doesn't say, or not so that it can be read.</returns>
    public static TimeSpan? Parse(string? text, DateTimeOffset? date, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        if (long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return seconds > Longest.TotalSeconds ? Longest : TimeSpan.FromSeconds(seconds);
        if (!DateTimeOffset.TryParseExact(text.Trim(), "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            return null;
        var wait = at - (date ?? now);
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > Longest ? Longest : wait;
    }
}
