using System.Globalization;
using MultiCluster.Cli.Output;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Views;

internal static class LogViews
{
    private static readonly string[] Levels = ["trace", "debug", "info", "warn", "error", "critical"];

    /// <param name="asked">The level asked for; null for all.</param>
    public static void Tail(LogView log, string? asked, Terminal terminal)
    {
        foreach (var line in log.Lines)
            Line(line, terminal);
        if (asked is not null && Array.IndexOf(Levels, asked) < Array.IndexOf(Levels, log.Level))
            terminal.Remark($"The process logs nothing below {log.Level} (log.level in its configuration).");
        if (log.Lines.Count == 0)
            terminal.Remark($"No lines{(asked is null ? "" : $" of level {asked} and above")} among the last {log.Capacity} that it keeps.");
    }

    public static void Line(LogLineView line, Terminal terminal)
    {
        var tone = line.Level switch
        {
            "error" or "critical" => Tone.Bad,
            "warn" => Tone.Warning,
            _ => Tone.Plain,
        };
        terminal.Write(line.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff'Z' ", CultureInfo.InvariantCulture));
        terminal.Write(new Cell(line.Level.PadRight(5), tone));
        terminal.Line($" {line.Category}[{line.Event}] {line.Message}");
        foreach (var part in (line.Error ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            terminal.Line($"    {part.TrimEnd('\r')}");
    }
}
