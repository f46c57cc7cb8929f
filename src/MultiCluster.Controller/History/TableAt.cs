using System.Collections.Immutable;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Storage;
using MultiCluster.Federation.Routing;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.History;

/// <summary>The routing table as it was.</summary>
/// <param name="Incomplete">Of these entities events are missing that time has taken, or that can't be read: they may have been otherwise.</param>
internal sealed record TableAt(RoutingDelta Table, ImmutableArray<EntityId> Incomplete)
{
    private static readonly Cause Recorded = new(CauseKind.Recovery, null);

    /// <summary>Of each entity the decisions up to then are folded, and arbitration is done anew, since it depends on nothing else.</summary>
    public static async Task<TableAt> ReadAsync(EntityStore store, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var folds = new Dictionary<EntityId, Fold>();
        await foreach (var recorded in store.DecisionsAsync(at, cancellationToken))
        {
            if (!folds.TryGetValue(recorded.Entity, out var fold))
                folds.Add(recorded.Entity, fold = new Fold(recorded.Entity));
            fold.Add(recorded);
        }

        // What has not changed since is known whole, however old it is.
        await foreach (var state in store.StatesAsync(cancellationToken))
        {
            if (folds.TryGetValue(state.Entity, out var fold) && fold.Last == state.SequenceNumber)
                folds[state.Entity] = Fold.Of(state);
        }

        var table = new RoutingTable();
        foreach (var fold in folds.Values)
            table.Apply(new FragmentUpdate(fold.Entity, new FragmentVersion(1, 1), fold.Fragment), at);
        return new TableAt(table.Snapshot(), [.. folds.Values.Where(static fold => !fold.IsWhole).Select(static fold => fold.Entity)]);
    }

    private sealed class Fold(EntityId entity)
    {
        private readonly FragmentHistory _history = new(entity);

        public EntityId Entity => entity;

        public long Last { get; private set; }

        public bool IsWhole { get; private set; } = true;

        public Fragment? Fragment => _history.Current;

        public static Fold Of(RecordedState state)
        {
            var fold = new Fold(state.Entity) { Last = state.SequenceNumber };
            foreach (var decision in DecisionDiff.Between(null, state.Fragment, Recorded))
                fold._history.Apply(decision);
            return fold;
        }

        public void Add(RecordedDecision recorded)
        {
            IsWhole = (IsWhole && recorded.SequenceNumber == Last + 1 && recorded.Decision is not null) || recorded.Decision is Decision.EntityGone;
            Last = recorded.SequenceNumber;
            if (recorded.Decision is { } decision)
                _history.Apply(decision);
        }
    }
}
