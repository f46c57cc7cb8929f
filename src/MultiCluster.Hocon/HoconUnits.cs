using System.Globalization;

namespace MultiCluster.Hocon;

/// <summary>Durations and sizes as the HOCON specification writes them ("Duration format", "Size in bytes format").</summary>
public static class HoconUnits
{
    /// <summary>Nanoseconds by unit. Lower case only, by the specification.</summary>
    private static readonly Dictionary<string, decimal> Durations = Table(
        (1m, "ns nano nanos nanosecond nanoseconds"),
        (1e3m, "us micro micros microsecond microseconds"),
        (1e6m, "ms milli millis millisecond milliseconds"),
        (1e9m, "s second seconds"),
        (60e9m, "m minute minutes"),
        (3600e9m, "h hour hours"),
        (86400e9m, "d day days"));

    private static readonly Dictionary<string, decimal> Sizes = Table(
        (1m, "B b byte bytes"),
        (1e3m, "kB kilobyte kilobytes"),
        (1e6m, "MB megabyte megabytes"),
        (1e9m, "GB gigabyte gigabytes"),
        (1e12m, "TB terabyte terabytes"),
        (1e15m, "PB petabyte petabytes"),
        (1e18m, "EB exabyte exabytes"),
        (Binary(1), "K k Ki KiB kibibyte kibibytes"),
        (Binary(2), "M m Mi MiB mebibyte mebibytes"),
        (Binary(3), "G g Gi GiB gibibyte gibibytes"),
        (Binary(4), "T t Ti TiB tebibyte tebibytes"),
        (Binary(5), "P p Pi PiB pebibyte pebibytes"),
        (Binary(6), "E e Ei EiB exbibyte exbibytes"));

    /// <summary>A number without a unit is milliseconds. Resolution is that of <see cref="TimeSpan"/>, 100 ns.</summary>
    public static bool TryDuration(string text, out TimeSpan duration)
    {
        duration = default;
        if (!TryQuantity(text, Durations, bare: 1e6m, out var nanoseconds))
            return false;
        var ticks = decimal.Truncate(nanoseconds / TimeSpan.NanosecondsPerTick);
        if (ticks < TimeSpan.MinValue.Ticks || ticks > TimeSpan.MaxValue.Ticks)
            return false;
        duration = new TimeSpan((long)ticks);
        return true;
    }

    /// <summary>A number without a unit is bytes. A fraction of a byte is cut off.</summary>
    public static bool TrySize(string text, out long bytes)
    {
        bytes = 0;
        if (!TryQuantity(text, Sizes, bare: 1m, out var quantity) || quantity < 0 || quantity > long.MaxValue)
            return false;
        bytes = (long)decimal.Truncate(quantity);
        return true;
    }

    /// <summary>Whole numbers in any JSON spelling (<c>1e3</c>), and in strings such as environment variables give.</summary>
    internal static bool TryWhole(string text, out long value)
    {
        value = 0;
        if (!TryNumber(text, out var number) || number != decimal.Truncate(number) || number < long.MinValue || number > long.MaxValue)
            return false;
        value = (long)number;
        return true;
    }

    internal static bool TryNumber(ReadOnlySpan<char> text, out decimal number) => decimal.TryParse(
        text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number);

    internal static bool TryBoolean(string text, out bool value)
    {
        value = text is "true" or "yes" or "on";
        return value || text is "false" or "no" or "off";
    }

    internal static bool IsDurationWithUnit(string text) => HasUnit(text) && TryDuration(text, out _);

    internal static bool IsSizeWithUnit(string text) => HasUnit(text) && TrySize(text, out _);

    private static bool HasUnit(string text) => text.Length > 0 && char.IsLetter(text.AsSpan().Trim()[^1]);

    private static bool TryQuantity(string text, Dictionary<string, decimal> units, decimal bare, out decimal quantity)
    {
        var trimmed = text.AsSpan().Trim();
        var unitAt = trimmed.Length;
        while (unitAt > 0 && char.IsLetter(trimmed[unitAt - 1]))
            unitAt--;
        var unit = bare;
        quantity = 0;
        if (unitAt < trimmed.Length && !units.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(trimmed[unitAt..], out unit))
            return false;
        if (!TryNumber(trimmed[..unitAt].TrimEnd(), out var number) || Math.Abs(number) > decimal.MaxValue / unit)
            return false;
        quantity = number * unit;
        return true;
    }

    private static decimal Binary(int power) => 1L << (10 * power);

    private static Dictionary<string, decimal> Table(params (decimal Factor, string Names)[] rows) => rows
        .SelectMany(row => row.Names.Split(' '), (row, name) => (name, row.Factor))
        .ToDictionary(StringComparer.Ordinal);
}
