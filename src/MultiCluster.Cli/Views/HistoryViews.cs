using System.Globalization;
using MultiCluster.Cli.Output;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Views;

internal static class HistoryViews
{
    public static void Show(HistoryView history, Terminal terminal)
    {
        if (history.LeftOut > 0)
            terminal.Remark(string.Create(CultureInfo.InvariantCulture, $"{history.LeftOut} older ones are left out; --since takes a later time."));
        if (!history.IsWhole)
            terminal.Remark("What happened before is no longer kept (persistence.history).");
        if (history.Entries.Count == 0)
        {
            terminal.Remark($"Nothing is known of {history.Entity} for that time.");
            return;
        }

        var table = new TextTable("TIME", "WHAT", "WHY");
        foreach (var entry in history.Entries)
            table.Add(Time(entry.At), entry.What, entry.Cause);
        table.WriteTo(terminal);
    }

    public static void Routes(PastRoutesView past, Terminal terminal)
    {
        terminal.Remark($"As of {Time(past.At)}.");
        Incomplete(past.Incomplete, terminal);
        RouteViews.List(past.Routes, terminal);
    }

    public static void Diff(TableDiffView diff, Terminal terminal)
    {
        Incomplete(diff.Incomplete, terminal);
        if (diff.Differences.Count == 0)
        {
            terminal.Remark($"Nothing changed from {Time(diff.From)} to {Time(diff.To)}.");
            return;
        }

        foreach (var difference in diff.Differences)
        {
            terminal.Line(new Cell($"{difference.Kind} {difference.Name}", Tone.Heading));
            if (difference.Before is { } before)
                terminal.Line(new Cell($"  - {before}", Tone.Bad));
            if (difference.After is { } after)
                terminal.Line(new Cell($"  + {after}", Tone.Good));
        }
    }

    private static void Incomplete(IReadOnlyList<string> entities, Terminal terminal)
    {
        if (entities.Count > 0)
            terminal.Remark(string.Create(CultureInfo.InvariantCulture, $"Not all is kept any more of {entities.Count}, which may have been otherwise: {string.Join(", ", entities.Take(5))}{(entities.Count > 5 ? " ..." : "")}"));
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
