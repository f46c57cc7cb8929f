namespace MultiCluster.Cli.Output;

internal static class Age
{
    /// <summary>A hundred years, which no age of ours reaches: a server may send any number.</summary>
    private const double Longest = 36_500 * 86_400.0;

    /// <summary>Two units at most, as kubectl does: 42s, 7m30s, 3h12m, 5d2h.</summary>
    public static string Of(DateTimeOffset? moment, DateTimeOffset now) => moment is { } then ? Of(now > then ? now - then : TimeSpan.Zero) : "-";

    public static string OfSeconds(double seconds) => Of(TimeSpan.FromSeconds(Math.Clamp(seconds, 0, Longest)));

    public static string Of(TimeSpan age) => age switch
    {
        { TotalMinutes: < 2 } => $"{(int)age.TotalSeconds}s",
        { TotalMinutes: < 10 } => $"{age.Minutes}m{age.Seconds}s",
        { TotalHours: < 3 } => $"{(int)age.TotalMinutes}m",
        { TotalDays: < 2 } => $"{(int)age.TotalHours}h{age.Minutes}m",
        _ => $"{age.Days}d{age.Hours}h",
    };
}
