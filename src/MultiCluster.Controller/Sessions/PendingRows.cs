using System.Collections.Immutable;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Sessions;

/// <summary>Rows that wait to be sent: the latest of each entity, in the order in which entities began to wait.</summary>
internal sealed class PendingRows
{
    private readonly Dictionary<EntityId, FragmentUpdate> _rows = [];
    private readonly Queue<EntityId> _order = [];

    public int Count => _rows.Count;

    public void Add(FragmentUpdate row)
    {
        if (!_rows.TryGetValue(row.Entity, out var known))
            _order.Enqueue(row.Entity);
        else if (row.Version <= known.Version)
            return;
        _rows[row.Entity] = row;
    }

    /// <summary>As much as one message holds.</summary>
    public EquatableArray<FragmentUpdate> Take(SessionOptions options, Action<FragmentUpdate> oversized)
    {
        var taken = ImmutableArray.CreateBuilder<FragmentUpdate>(Math.Min(_rows.Count, options.RowsPerMessage));
        for (var weight = 0L; taken.Count < options.RowsPerMessage && _order.TryPeek(out var entity);)
        {
            var row = _rows[entity];
            var own = RowWeights.Of(row);
            weight += own;
            if (own <= options.RowWeight && weight > options.MessageWeight && taken.Count > 0)
                break;
            _order.Dequeue();
            _rows.Remove(entity);
            if (own <= options.RowWeight)
            {
                taken.Add(row);
                continue;
            }

            weight -= own;
            oversized(row);
        }

        return new(taken.DrainToImmutable());
    }
}
