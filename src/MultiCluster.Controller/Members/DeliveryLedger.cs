using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Members;

/// <summary>
/// Which deliveries to owners are still unacknowledged. Only the last one of an entity counts: it replaces those before.
/// </summary>
/// <param name="above">Numbers begin above it, so that acknowledgements owed to an earlier incarnation of the watcher mean nothing.</param>
public sealed class DeliveryLedger(long above)
{
    private readonly Dictionary<EntityId, long> _open = [];
    private long _sequence = above;

    public int Open => _open.Count;

    /// <returns>The delivery's number.</returns>
    public long Sent(EntityId entity) => _open[entity] = ++_sequence;

    public void Acknowledged(EntityId entity, long sequence)
    {
        if (_open.TryGetValue(entity, out var last) && sequence >= last)
            _open.Remove(entity);
    }
}
