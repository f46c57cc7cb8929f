using System.Globalization;

namespace MultiCluster.Controller.History;

/// <summary>A moment as people write it: RFC 3339 (without a zone it is UTC), or how long ago: 90s, 15m, 2h, 3d.</summary>
public static class PointInTime
{
    /// <returns>Null for anything else.</returns>
    public static DateTimeOffset? Parse(string text, DateTimeOffset now)
    {
        if (text is [.. var digits, var unit] && digits.Length is > 0 and <= 6 && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            var seconds = unit switch { 's' => 1, 'm' => 60, 'h' => 3_600, 'd' => 86_400, _ => 0L };
            return seconds == 0 ? null : number * seconds >= now.ToUnixTimeSeconds() ? DateTimeOffset.UnixEpoch : now.AddSeconds(-number * seconds);
        }

        return text.Length >= 10 && char.IsAsciiDigit(text[0]) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;
    }
}
