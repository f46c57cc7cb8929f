using MultiCluster.Cli.Output;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Views;

internal static class ActorViews
{
    public static void Hierarchy(ActorView root, Terminal terminal)
    {
        var table = new TextTable("ACTOR", "TYPE", "STATE", "MAILBOX", "RESTARTS", "FAULT");
        Add(root, "", root.Path, table);
        table.WriteTo(terminal);
    }

    /// <param name="indent">In front of the actor.</param>
    private static void Add(ActorView actor, string indent, string name, TextTable table)
    {
        table.Add(
            indent + name,
            actor.Type,
            State(actor.State),
            new Cell($"{actor.Mailbox}", actor.Mailbox == 0 ? Tone.Plain : Tone.Warning),
            new Cell($"{actor.Restarts}", actor.Restarts == 0 ? Tone.Plain : Tone.Warning),
            actor.Fault ?? "-");
        foreach (var child in actor.Children)
            Add(child, indent + "  ", child.Name, table);
        if (actor.Hidden > 0)
            table.Add($"{indent}  … {actor.Hidden} more", "-", "-", "-", "-", "-");
    }

    private static Cell State(string state) => new(state, state switch
    {
        "Running" => Tone.Plain,
        "Quarantined" or "Failed" => Tone.Bad,
        _ => Tone.Warning,
    });
}
