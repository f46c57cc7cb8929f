namespace MultiCluster.Cli.Output;

internal static class Age
{
    /// <summary>Two units at most, as kubectl does: 42s, 7m30s, 3h12m, 5d2h.</summary>
    public static string Of(DateTimeOffset? moment, DateTimeOffset now)
    {
        if (moment is not { } then)
            return "-";
        var age = now > then ? now - then : TimeSpan.Zero;
        return age switch
        {
            { TotalMinutes: < 2 } => $"{(int)age.TotalSeconds}s",
            { TotalMinutes: < 10 } => $"{age.Minutes}m{age.Seconds}s",
            { TotalHours: < 3 } => $"{(int)age.TotalMinutes}m",
            { TotalDays: < 2 } => $"{(int)age.TotalHours}h{age.Minutes}m",
            _ => $"{age.Days}d{age.Hours}h",
        };
    }
}
