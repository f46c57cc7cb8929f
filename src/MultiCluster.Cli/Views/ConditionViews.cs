using MultiCluster.Cli.Output;
using MultiCluster.Model.Admin;
using MultiCluster.Model.Conditions;

namespace MultiCluster.Cli.Views;

internal static class ConditionViews
{
    /// <summary>How many problems a message names.</summary>
    private const int Named = 5;

    /// <summary>PartiallyInvalid, Conflict and Stale report trouble when true, the other types when false; Overridden never does.</summary>
    public static bool IsTrouble(ConditionView condition) => condition.Type switch
    {
        nameof(ConditionType.PartiallyInvalid) or nameof(ConditionType.Conflict) or nameof(ConditionType.Stale) => condition.Status,
        nameof(ConditionType.Overridden) => false,
        _ => !condition.Status,
    };

    /// <param name="everything">The command that shows all of it.</param>
    public static void List(IReadOnlyList<ConditionView> conditions, string everything, Terminal terminal)
    {
        var table = new TextTable("MEMBER", "TYPE", "STATUS", "REASON", "MESSAGE");
        foreach (var condition in conditions)
        {
            var tone = IsTrouble(condition) ? Tone.Bad : Tone.Plain;
            table.Add(
                condition.Member,
                condition.Type,
                new Cell(condition.Status ? "True" : "False", tone),
                new Cell(condition.Reason, tone),
                condition.Message.Length == 0 ? "-" : condition.Message);
        }
        table.WriteTo(terminal, indent: 2);
        if (conditions.Count(static condition => condition.Details?.Count > Named) is > 0 and var cut)
            terminal.Line(new Cell($"  {cut} of them {(cut == 1 ? "names only the first of its" : "name only the first of their")} problems; all are in: {everything}", Tone.Warning));
    }
}
