using System.Collections.Immutable;
using MultiCluster.Cluster;
using MultiCluster.Cluster.Membership;

namespace MultiCluster.Controller.Sessions;

/// <summary>
/// Whether this node hears of no other although there are some: then it knows what it owns itself, and of the rest only what was. Pure.
/// </summary>
/// <param name="patience">Longer than others take to declare a dead node dead: who is left behind by it is not cut off.</param>
/// <param name="lookAgain">While it lasts, proxies that stayed for want of another node are asked again so often.</param>
internal sealed class CutOffWatch(TimeSpan patience, TimeSpan lookAgain)
{
    private TimeSpan? _aloneSince;
    private TimeSpan? _told;

    /// <summary>Who was told remembers nothing.</summary>
    public void Forget() => _told = null;

    /// <param name="view">As of the last read of the store, which may be out of reach too.</param>
    /// <param name="reached">Peers with a connection.</param>
    /// <returns>Whether this node is cut off, where the hub has to be told; else null.</returns>
    public bool? Observe(ClusterView view, ImmutableArray<NodeId> reached, TimeSpan now)
    {
        var others = view.Nodes.Where(node => node.State == NodeState.Up && node.Id.Name != view.Self.Name).ToList();
        if (others.Count == 0 || others.Exists(node => reached.Contains(node.Id)))
        {
            var was = _told is not null;
            (_aloneSince, _told) = (null, null);
            return was ? false : null;
        }

        _aloneSince ??= now;
        if (now - _aloneSince < patience || now - _told < lookAgain)
            return null;
        _told = now;
        return true;
    }
}
