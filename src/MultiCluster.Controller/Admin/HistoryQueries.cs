using MultiCluster.Controller.History;
using MultiCluster.Controller.Storage;
using MultiCluster.Model.Admin;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Admin;

/// <summary>Answers about the past, from the journal. Any node has them, since all write to the same one.</summary>
public sealed class HistoryQueries(ControllerSystem controller, TimeProvider time)
{
    /// <summary>Newest last.</summary>
    private const int Most = 1_000;

    /// <summary>Null: nothing is stored (persistence.store = none).</summary>
    private readonly EntityStore? _store = controller.Cluster.Store;

    public bool IsKept => _store is not null;

    public DateTimeOffset? Parse(string text) => PointInTime.Parse(text, time.GetUtcNow());

    /// <param name="since">Null: as far back as is kept.</param>
    public async Task<HistoryView> OfAsync(EntityId entity, DateTimeOffset? since, CancellationToken cancellationToken)
    {
        var entries = new List<HistoryEntryView>();
        var words = new DecisionWords();
        var (isWhole, isFirst) = (true, true);
        await foreach (var recorded in _store!.DecisionsAsync(entity, controller.Cluster.Options.Shards, DateTimeOffset.MaxValue, cancellationToken))
        {
            isWhole &= !isFirst || recorded.SequenceNumber == 1;
            isFirst = false;
            // Each is told by what it changes, so those before count, too.
            var what = recorded.Decision is { } decision ? words.Next(decision) : $"can't be read: {recorded.Problem}";
            if (recorded.At >= (since ?? DateTimeOffset.MinValue))
                entries.Add(new HistoryEntryView(recorded.At, recorded.SequenceNumber, what, recorded.Decision is { } known ? DecisionWords.Of(known.Cause) : ""));
        }

        return new HistoryView(entity.ToString(), [.. entries.TakeLast(Most)], Math.Max(0, entries.Count - Most), isWhole);
    }

    public async Task<PastRoutesView> RoutesAsync(DateTimeOffset at, string? host, CancellationToken cancellationToken)
    {
        var past = await TableAt.ReadAsync(_store!, at, cancellationToken);
        var index = new TableIndex(past.Table);
        var routes = index.Routes.Select(route => AdminViews.Of(route, index));
        return new PastRoutesView(at, [.. routes.Where(route => host is null || string.Equals(route.Host, host, StringComparison.OrdinalIgnoreCase))], [.. past.Incomplete.Select(static entity => entity.ToString())]);
    }

    public async Task<TableDiffView> DiffAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var before = await TableAt.ReadAsync(_store!, from, cancellationToken);
        var after = await TableAt.ReadAsync(_store!, to, cancellationToken);
        return new TableDiffView(from, to, TableDiff.Between(before.Table, after.Table), [.. before.Incomplete.Union(after.Incomplete).Select(static entity => entity.ToString())]);
    }
}
