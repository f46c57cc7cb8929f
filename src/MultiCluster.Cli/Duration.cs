using System.Globalization;

namespace MultiCluster.Cli;

/// <summary>Durations as people write them: 30s, 5m, 1h30m.</summary>
public static class Duration
{
    /// <summary>What the admin API takes at most, and longer than anybody waits at a terminal.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private static readonly (char Unit, long Seconds)[] Units = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

    /// <summary>Whole numbers, each with its unit, the greatest unit first; null for anything else and what is over <see cref="Longest"/>.</summary>
    public static TimeSpan? Parse(string text)
    {
        var (sum, next) = (0L, 0);
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits is not (> 0 and <= 6))
                return null;
            var letter = rest[digits];
            var unit = Array.FindIndex(Units, next, known => known.Unit == letter);
            if (unit < 0)
                return null;
            sum += long.Parse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture) * Units[unit].Seconds;
            rest = rest[(digits + 1)..];
            next = unit + 1;
        }
        return text.Length > 0 && sum <= (long)Longest.TotalSeconds ? TimeSpan.FromSeconds(sum) : null;
    }

    /// <summary>The inverse, of whole seconds.</summary>
    public static string Of(TimeSpan duration)
    {
        var (text, rest) = ("", (long)duration.TotalSeconds);
        foreach (var (unit, seconds) in Units)
        {
            if (rest >= seconds)
                text += string.Create(CultureInfo.InvariantCulture, $"{rest / seconds}{unit}");
            rest %= seconds;
        }
        return text.Length == 0 ? "0s" : text;
    }
}
