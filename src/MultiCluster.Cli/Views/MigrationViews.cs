using MultiCluster.Cli.Migration;
using MultiCluster.Cli.Output;

namespace MultiCluster.Cli.Views;

internal static class MigrationViews
{
    public static void Show(MigrationView view, Terminal terminal)
    {
        if (view.Findings.Count > 0)
        {
            Table(view).WriteTo(terminal);
            terminal.Line();
        }

        terminal.Line(
            $"{Number(view.Objects, "object", "objects")}, {Number(view.Findings.Count, "finding", "findings")}: {AnnotationViews.Counts(view.Counts)}");
        if (view.PassedOver > 0)
            terminal.Line($"{Number(view.PassedOver, "annotation is", "annotations are")} of others, and passed over.");
        if (view.OfOthers > 0)
            terminal.Line($"{Number(view.OfOthers, "Ingress has a class of another controller, and is", "Ingresses have classes of other controllers, and are")} passed over.");
        if (view.Counts["planned"] > 0)
            terminal.Line(AnnotationViews.NotYet);
    }

    private static TextTable Table(MigrationView view)
    {
        var hasFiles = view.Source is null;
        var table = hasFiles ? new TextTable("FILE", "OBJECT", "KEY", "RESULT", "WHAT") : new TextTable("OBJECT", "KEY", "RESULT", "WHAT");
        foreach (var item in view.Findings)
        {
            Cell[] cells = [$"{item.Kind} {item.Namespace}/{item.Name}", item.Key, new Cell(item.Result, AnnotationViews.ToneOf(item.Result)), item.Text];
            table.Add(hasFiles ? [item.File, .. cells] : cells);
        }

        return table;
    }

    private static string Number(int count, string one, string several) => $"{count} {(count == 1 ? one : several)}";
}
