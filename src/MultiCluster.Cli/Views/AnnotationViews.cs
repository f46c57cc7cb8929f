using MultiCluster.Cli.Migration;
using MultiCluster.Cli.Output;

namespace MultiCluster.Cli.Views;

internal static class AnnotationViews
{
    public static void List(AnnotationListView list, Terminal terminal)
    {
        var table = new TextTable("ANNOTATION", "STATUS", "POLICY", "MEANING", "VALUES", "DEFAULT", "NOTE");
        foreach (var item in list.Annotations)
        {
            table.Add(
                item.Name, new Cell(item.Status, ToneOf(item.Status)), item.Policy, item.Meaning, item.Values, item.Default ?? "-",
                item.AliasOf is null ? item.Note ?? "-" : $"Old name of {item.AliasOf}. {item.Note}".TrimEnd());
        }

        table.WriteTo(terminal);
        terminal.Line();
        terminal.Line($"{list.Annotations.Count} annotations: {Counts(list.Counts)}");
        if (list.Counts["planned"] > 0)
            terminal.Line(NotYet);
    }

    public const string NotYet = "What is planned is not applied yet: today it has no effect, but that what guards access closes its routes.";

    public static string Counts(IReadOnlyDictionary<string, int> counts) => string.Join(", ", counts.Select(static item => $"{item.Value} {item.Key}"));

    public static Tone ToneOf(string result) => result switch
    {
        "supported" => Tone.Good,
        "differs" or "needless" => Tone.Plain,
        "planned" => Tone.Warning,
        _ => Tone.Bad,
    };
}
