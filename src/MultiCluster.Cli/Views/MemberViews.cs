using MultiCluster.Cli.Output;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Views;

internal static class MemberViews
{
    public static void List(IReadOnlyList<MemberView> members, DateTimeOffset now, Terminal terminal)
    {
        if (members.Count == 0)
        {
            terminal.Remark("No members are configured.");
            return;
        }

        var table = new TextTable("NAME", "STATUS", "INGRESSES", "SERVICES", "ENDPOINTS", "LAST EVENT", "SOURCE", "PROBLEMS");
        foreach (var member in members)
        {
            table.Add(
                member.Name,
                Status(member),
                member.Ingresses,
                member.Services,
                member.Endpoints,
                Age.Of(member.LastEvent, now),
                member.Source,
                new Cell(Cell.Of(member.Problems, "; ").Text, member.Problems.Count == 0 ? Tone.Plain : Tone.Bad));
        }
        table.WriteTo(terminal);
    }

    private static Cell Status(MemberView member) => member switch
    {
        { Reachable: false } => new Cell("Unreachable", Tone.Bad),
        { Complete: false } => new Cell("Reading", Tone.Warning),
        { Problems.Count: > 0 } => new Cell("Degraded", Tone.Warning),
        _ => new Cell("Ready", Tone.Good),
    };
}
