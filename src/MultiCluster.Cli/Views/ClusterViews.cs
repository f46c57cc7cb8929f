using MultiCluster.Cli.Output;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Views;

internal static class ClusterViews
{
    public static void Show(ClusterStateView cluster, DateTimeOffset now, Terminal terminal)
    {
        terminal.Field("Cluster", cluster.Cluster);
        terminal.Field("Seen by", $"{cluster.Node}#{cluster.Incarnation}");
        terminal.Field("State", cluster.HasJoined ? State(cluster.State) : new Cell(cluster.State == "Leaving" ? "Left" : "Outside", Tone.Bad));
        if (cluster.Refusal is { } refusal)
            terminal.Field("Refused", new Cell(refusal, Tone.Bad));
        terminal.Field("Lease", cluster.LeaseValid ? new Cell("valid", Tone.Good) : new Cell("not valid: nothing is written to the database or to status", Tone.Bad));
        terminal.Field("Store", Store(cluster.Store, now));
        terminal.Field("Protocol", cluster.Protocol);
        terminal.Field("Shards", Shards(cluster));
        terminal.Line();
        terminal.Line(new Cell(cluster.Nodes.Count == 0 ? "Nodes: none are known" : "Nodes:", Tone.Heading));
        if (cluster.Nodes.Count == 0)
            return;
        var table = new TextTable("", "NODE", "STATE", "ADDRESS", "INCARNATION", "PROTOCOL", "SHARDS");
        foreach (var node in cluster.Nodes)
            table.Add(node.IsSelf ? "*" : "", node.Name, State(node.State), node.Address, node.Incarnation, node.Protocol, node.Shards);
        table.WriteTo(terminal, indent: 2);
    }

    public static void Health(HealthView health, Terminal terminal)
    {
        var table = new TextTable("CHECK", "RESULT", "DETAIL");
        foreach (var check in health.Checks)
            table.Add(check.Name, check.Passed ? new Cell("ok", Tone.Good) : new Cell("FAILED", Tone.Bad), check.Detail);
        table.WriteTo(terminal);
    }

    public static void Left(LeftView left, Terminal terminal)
    {
        terminal.Line(new Cell($"Node {left.Node} gave {left.Shards} shards away and left in {left.Seconds:0.0##} s."));
        if (left.Others.Count == 0)
            terminal.Remark("No other node is up: until multicluster is started anew, nothing follows the members. HAProxy serves on with what it has.");
        else
            terminal.Remark($"{string.Join(", ", left.Others)} go on. A proxy in the process of {left.Node} hears nothing new until multicluster is started anew there.");
    }

    public static void Downed(DownedView downed, Terminal terminal) =>
        terminal.Line(new Cell($"Node {downed.Node}#{downed.Incarnation} is down; it owned {downed.Shards} shards."));

    public static Cell State(string state) => new(state, state switch
    {
        "Up" => Tone.Good,
        "Down" => Tone.Bad,
        _ => Tone.Warning,
    });

    private static Cell Shards(ClusterStateView cluster) => cluster switch
    {
        { Shards: 0 } => new Cell("their number is not known yet", Tone.Warning),
        { Unowned.Count: 0 } => $"{cluster.Shards}, all owned",
        _ => new Cell($"{cluster.Shards}, without an owner: {string.Join(", ", cluster.Unowned)}", Tone.Bad),
    };

    private static Cell Store(StoreView? store, DateTimeOffset now)
    {
        if (store is null)
            return "none";
        var queue = $"{store.QueuedEvents} events and {store.QueuedSnapshots} snapshots wait";
        var text = store.State switch
        {
            "Failing" => $"failing for {Age.Of(store.FailingSince, now)}: {store.LastError}; {queue}",
            "Paused" => $"paused while the lease is not valid; {queue}",
            "Writing" => $"writing; {queue}",
            _ => $"{store.State}; {queue}",
        };
        return new Cell(text, store.State switch
        {
            "Writing" => Tone.Good,
            "Failing" => Tone.Bad,
            _ => Tone.Warning,
        });
    }
}
