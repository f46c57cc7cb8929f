using MultiCluster.Cli.Migration;
using MultiCluster.Cli.Output;

namespace MultiCluster.Cli.Views;

internal static class MigrationViews
{
    public static void Show(MigrationView view, Terminal terminal)
    {
        if (view.Findings.Count > 0)
        {
            var table = new TextTable("FILE", "OBJECT", "ANNOTATION", "RESULT", "WHAT");
            foreach (var item in view.Findings)
            {
                table.Add(
                    item.File, $"{item.Kind} {item.Namespace}/{item.Name}", item.Key,
                    new Cell(item.Result, AnnotationViews.ToneOf(item.Result)), item.Text);
            }

            table.WriteTo(terminal);
            terminal.Line();
        }

        terminal.Line(
            $"{Number(view.Objects, "Ingress or Service", "Ingresses and Services")}, {Number(view.Findings.Count, "annotation", "annotations")}: {AnnotationViews.Counts(view.Counts)}");
        if (view.PassedOver > 0)
            terminal.Line($"{Number(view.PassedOver, "annotation is", "annotations are")} of others, and passed over.");
        if (view.Counts["planned"] > 0)
            terminal.Line(AnnotationViews.NotYet);
    }

    private static string Number(int count, string one, string several) => $"{count} {(count == 1 ? one : several)}";
}
