using MultiCluster.Cli.Output;
using MultiCluster.Cli.Validation;

namespace MultiCluster.Cli.Views;

internal static class ValidationViews
{
    public static void Show(ValidationView view, Terminal terminal)
    {
        if (view.Findings.Count > 0)
        {
            var table = new TextTable("FILE", "OBJECT", "KEY", "LEVEL", "REASON", "WHAT");
            foreach (var item in view.Findings)
            {
                table.Add(
                    item.File.Length == 0 ? "-" : item.Line is { } line ? $"{item.File}:{line}" : item.File,
                    ObjectOf(item),
                    item.Key.Length == 0 ? "-" : item.Key,
                    new Cell(item.Level, item.IsError ? Tone.Bad : Tone.Warning),
                    item.Reason,
                    item.Text);
            }

            table.WriteTo(terminal);
            terminal.Line();
        }

        terminal.Line(
            $"{Number(view.Objects, "object", "objects")}: {Number(view.Errors, "error", "errors")}, {Number(view.Warnings, "warning", "warnings")}");
        if (view.OfOthers > 0)
            terminal.Line($"{Number(view.OfOthers, "Ingress has a class of another controller, and is", "Ingresses have classes of other controllers, and are")} passed over.");
    }

    private static string ObjectOf(ValidationFindingView item) => item switch
    {
        { Kind.Length: 0 } => "-",
        { Namespace.Length: 0 } => $"{item.Kind} {item.Name}",
        _ => $"{item.Kind} {item.Namespace}/{item.Name}",
    };

    private static string Number(int count, string one, string several) => $"{count} {(count == 1 ? one : several)}";
}
