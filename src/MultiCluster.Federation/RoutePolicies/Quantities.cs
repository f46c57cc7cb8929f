using System.Globalization;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>Values of the kinds time and size, which have been checked.</summary>
internal static class Quantities
{
    /// <summary>HAProxy's: without a unit milliseconds; parts of one are rounded up.</summary>
    public static TimeSpan Time(string value)
    {
        var (number, unit) = Split(value);
        return TimeSpan.FromMilliseconds(unit switch
        {
            "us" => (number + 999) / 1000,
            "s" => number * 1000,
            "m" => number * 60_000,
            "h" => number * 3_600_000,
            "d" => number * 86_400_000,
            _ => number,
        });
    }

    /// <summary>In bytes; k, m and g are powers of 1024.</summary>
    public static long Size(string value)
    {
        var (number, unit) = Split(value);
        return unit.ToLowerInvariant() switch
        {
            "k" => number << 10,
            "m" => number << 20,
            "g" => number << 30,
            _ => number,
        };
    }

    private static (long Number, string Unit) Split(string value)
    {
        var end = value.AsSpan().IndexOfAnyExceptInRange('0', '9');
        return (long.Parse(end < 0 ? value : value[..end], NumberStyles.None, CultureInfo.InvariantCulture), end < 0 ? "" : value[end..]);
    }
}
