using MultiCluster.Cli.Output;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Views;

internal static class ShardingViews
{
    public static void Regions(RegionsView regions, Terminal terminal)
    {
        if (regions.Regions.Count == 0)
        {
            terminal.Remark("No nodes are known; \"mcctl cluster status\" tells why.");
            return;
        }

        var table = new TextTable("", "NODE", "STATE", "ADDRESS", "COUNT", "SHARDS");
        foreach (var region in regions.Regions)
            table.Add(region.IsSelf ? "*" : "", region.Node, ClusterViews.State(region.State), region.Address, region.Shards.Count, Ranges(region.Shards));
        table.WriteTo(terminal);
        Unowned(regions.Unowned, terminal);
    }

    public static void Shards(IReadOnlyList<ShardRowView> shards, Terminal terminal)
    {
        if (shards.Count == 0)
        {
            terminal.Remark("No shards; \"mcctl sharding list-regions\" shows who owns how many.");
            return;
        }

        var table = new TextTable("SHARD", "OWNER", "DESIGNATED", "EPOCH", "PHASE", "ENTITIES", "WAITS FOR");
        foreach (var shard in shards)
        {
            table.Add(
                shard.Shard,
                shard.Owner ?? new Cell("-", Tone.Bad),
                shard.Designated == shard.Owner ? shard.Designated ?? "-" : new Cell(shard.Designated ?? "-", Tone.Warning),
                shard.Epoch,
                shard.Phase ?? "-",
                shard.Entities is { } entities ? entities : new Cell("?", Tone.Warning),
                Cell.Of(shard.Waiting));
        }
        table.WriteTo(terminal);
    }

    public static void Entities(ShardEntitiesView shard, Terminal terminal)
    {
        if (shard.Waiting.Count > 0)
            terminal.Remark($"Shard {shard.Shard} waits for {string.Join(", ", shard.Waiting)} before it publishes.");
        if (shard.Entities.Count == 0)
        {
            terminal.Remark($"No entities run in shard {shard.Shard}, which {shard.Owner} owns.");
            return;
        }

        var table = new TextTable("ENTITY", "OWNER", "EPOCH");
        foreach (var entity in shard.Entities)
            table.Add(entity, shard.Owner, shard.Epoch);
        table.WriteTo(terminal);
    }

    public static void Stats(ShardingStatsView stats, Terminal terminal)
    {
        terminal.Field("Entities", $"{stats.Kinds.Values.Sum()}{Kinds(stats.Kinds, " (", ")")}");
        terminal.Field("Held", new Cell($"{stats.Held} messages on {stats.Node}", stats.Held == 0 ? Tone.Plain : Tone.Warning));
        terminal.Line();
        if (stats.Shards.Count > 0)
        {
            string[] kinds = [.. stats.Kinds.Keys.Order(StringComparer.Ordinal)];
            var table = new TextTable(["SHARD", "OWNER", "ENTITIES", .. kinds.Select(static kind => kind.ToUpperInvariant())]);
            foreach (var shard in stats.Shards)
                table.Add([shard.Shard, shard.Owner, shard.Kinds.Values.Sum(), .. kinds.Select(kind => (Cell)shard.Kinds.GetValueOrDefault(kind))]);
            table.WriteTo(terminal);
        }
        Unowned(stats.Unowned, terminal);
        if (stats.Silent.Count > 0)
            terminal.Line(new Cell($"Shards whose owners did not answer: {Ranges(stats.Silent)}", Tone.Warning));
    }

    public static void Found(FoundEntityView entity, Terminal terminal)
    {
        terminal.Field("Entity", entity.Key);
        terminal.Field("Shard", entity.Shard);
        terminal.Field("Node", $"{entity.Owner} at {entity.Address}");
        terminal.Field("Epoch", entity.Epoch);
        if (entity.Designated != entity.Owner)
            terminal.Field("Moves to", new Cell(entity.Designated ?? "-", Tone.Warning));
        terminal.Field("Publishes", Cell.YesNo(entity.IsOpen, Tone.Warning));
    }

    private static void Unowned(IReadOnlyList<int> shards, Terminal terminal)
    {
        if (shards.Count > 0)
            terminal.Line(new Cell($"Shards without an owner: {Ranges(shards)}", Tone.Bad));
    }

    /// <summary>Such as "0-3,7": numbers come sorted.</summary>
    private static string Ranges(IReadOnlyList<int> numbers)
    {
        if (numbers.Count == 0)
            return "-";
        var parts = new List<string>();
        for (int from = 0, to; from < numbers.Count; from = to + 1)
        {
            for (to = from; to + 1 < numbers.Count && numbers[to + 1] == numbers[to] + 1;)
                to++;
            parts.Add(from == to ? $"{numbers[from]}" : $"{numbers[from]}-{numbers[to]}");
        }
        return string.Join(',', parts);
    }

    private static string Kinds(IReadOnlyDictionary<string, int> kinds, string before, string after) => kinds.Count == 0
        ? ""
        : before + string.Join(", ", kinds.OrderBy(static kind => kind.Key, StringComparer.Ordinal).Select(static kind => $"{kind.Key} {kind.Value}")) + after;
}
