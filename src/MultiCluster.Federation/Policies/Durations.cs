using System.Globalization;
using MultiCluster.Federation.Text;

namespace MultiCluster.Federation.Policies;

/// <summary>Durations as Gateway API writes them (GEP-2257): one to four of a number and h, m, s or ms.</summary>
internal static class Durations
{
    public static readonly TimeSpan Max = TimeSpan.FromHours(24);

    private const int MaxTerms = 4;
    private const int MaxDigits = 5;

    /// <returns>What is wrong and the fix; null when <paramref name="duration"/> is good.</returns>
    public static string? Read(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (Parse(text) is not { } parsed)
            return $"{Shown.Quoted(text)} is no duration; write one such as 500ms, 30s, 5m or 1h";
        if (parsed > Max)
            return $"{Shown.Quoted(text)} is too long; write 24h or less";
        duration = parsed;
        return null;
    }

    private static TimeSpan? Parse(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return null;
        var sum = TimeSpan.Zero;
        for (var terms = 0; !text.IsEmpty; terms++)
        {
            var digits = text.IndexOfAnyExceptInRange('0', '9');
            if (terms == MaxTerms || digits is < 1 or > MaxDigits)
                return null;
            var number = int.Parse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
            text = text[digits..];
            var length = text.StartsWith("ms") ? 2 : 1;
            if (UnitOf(text[..length]) is not { } unit)
                return null;
            sum += number * unit;
            text = text[length..];
        }

        return sum;
    }

    private static TimeSpan? UnitOf(ReadOnlySpan<char> unit) => unit switch
    {
        "h" => TimeSpan.FromHours(1),
        "m" => TimeSpan.FromMinutes(1),
        "s" => TimeSpan.FromSeconds(1),
        "ms" => TimeSpan.FromMilliseconds(1),
        _ => null,
    };
}
