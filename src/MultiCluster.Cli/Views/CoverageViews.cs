using MultiCluster.Cli.Migration;
using MultiCluster.Cli.Output;
using MultiCluster.Federation.Annotations;

namespace MultiCluster.Cli.Views;

internal static class CoverageViews
{
    public static void Show(CoverageView view, Terminal terminal)
    {
        var table = new TextTable("CONTROLLER", "READ ON", "KEYS", "SUPPORTED", "DIFFERS", "NEEDLESS", "REFUSED", "PLANNED");
        foreach (var item in view.Controllers)
        {
            Add(table, item.Controller, "Ingresses, Services", CoverageLists.Of(item.OnObjects));
            if (item.Everywhere.Keys > item.OnObjects.Keys)
                Add(table, item.Controller, "these, ConfigMaps, classes", CoverageLists.Of(item.Everywhere));
        }

        table.WriteTo(terminal);
        if (view.Refused.Count == 0)
            return;
        terminal.Line();
        var refused = new TextTable("REFUSED", "READ ON", "WHY");
        foreach (var item in view.Refused)
            refused.Add(item.Name, Cell.Of(item.Places), item.Why);
        refused.WriteTo(terminal);
    }

    private static void Add(TextTable table, string controller, string places, StatusCounts counts) => table.Add(
        controller, places, counts.All,
        new Cell(counts.Cell(counts.Supported), Tone.Good),
        counts.Cell(counts.Differs),
        counts.Cell(counts.Needless),
        new Cell(counts.Cell(counts.Refused), counts.Refused > 0 ? Tone.Bad : Tone.Plain),
        new Cell(counts.Cell(counts.Planned), counts.Planned > 0 ? Tone.Warning : Tone.Plain));
}
