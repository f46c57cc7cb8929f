using MultiCluster.Cli.Output;
using MultiCluster.Model.Admin;
using MultiCluster.Model.Conditions;

namespace MultiCluster.Cli.Views;

internal static class ConditionViews
{
    /// <summary>PartiallyInvalid and Conflict report trouble when true, the other types when false.</summary>
    public static bool IsTrouble(ConditionView condition) =>
        condition.Status == (condition.Type is nameof(ConditionType.PartiallyInvalid) or nameof(ConditionType.Conflict));

    public static void List(IReadOnlyList<ConditionView> conditions, Terminal terminal)
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
    }
}
