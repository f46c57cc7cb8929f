using MultiCluster.Cli.Output;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Views;

internal static class DiffViews
{
    public static void Show(ProxyDiffView diff, Terminal terminal)
    {
        if (diff.Pending)
            terminal.Remark("Changes are on their way: what differs may be just that.");
        if (diff.Differences.Count == 0)
        {
            terminal.Line(new Cell($"Proxy {diff.Proxy} holds what it should, version {diff.DesiredVersion}.", Tone.Good));
            return;
        }

        var table = new TextTable("", "KIND", "ITEM", "SHOULD HOLD", "HOLDS", "WHY");
        foreach (var item in diff.Differences)
            table.Add(Sign(item), item.Kind, item.Item, item.Wanted ?? "-", item.Held ?? "-", item.Reason ?? "-");
        table.WriteTo(terminal);
        terminal.Remark($"{diff.Differences.Count} {(diff.Differences.Count == 1 ? "item differs" : "items differ")}; proxy {diff.Proxy} is {diff.State}{(diff.StateReason is { } why ? $": {why}" : "")}.");
    }

    /// <summary>As a diff from what HAProxy holds to what it should hold.</summary>
    private static Cell Sign(DifferenceView item) => item switch
    {
        { Held: null } => new Cell("+", Tone.Warning),
        { Wanted: null } => new Cell("-", Tone.Bad),
        _ => new Cell("~", Tone.Warning),
    };
}
