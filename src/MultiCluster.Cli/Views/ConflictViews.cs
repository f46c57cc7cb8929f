using MultiCluster.Cli.Output;
using MultiCluster.Model.Admin;
using MultiCluster.Model.Conditions;

namespace MultiCluster.Cli.Views;

internal static class ConflictViews
{
    public static bool IsConflict(ConditionView condition) => condition is { Type: nameof(ConditionType.Conflict), Status: true };

    public static void List(IReadOnlyList<IngressView> ingresses, Terminal terminal)
    {
        if (ingresses.Count == 0)
        {
            terminal.Remark("No conflicts.");
            return;
        }

        var table = new TextTable("INGRESS", "MEMBER", "REASON", "MESSAGE");
        foreach (var ingress in ingresses)
        {
            foreach (var conflict in ingress.Conditions.Where(IsConflict))
                table.Add($"{ingress.Namespace}/{ingress.Name}", conflict.Member, new Cell(conflict.Reason, Tone.Bad), Words(conflict));
        }
        table.WriteTo(terminal);
    }

    /// <summary>The details where there are several: the message names the first few of them only.</summary>
    private static Cell Words(ConditionView conflict) => conflict switch
    {
        { Details: { Count: > 1 } details } => Cell.Of(details, "; "),
        { Message: "" } => "-",
        _ => conflict.Message,
    };
}
