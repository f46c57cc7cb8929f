using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Members;

/// <summary>One member's Nodes as Services see them, so that a heartbeat of a Node changes no Service.</summary>
internal sealed class NodeStore
{
    private readonly Dictionary<ObjectKey, NodeResource> _nodes = [];
    private readonly SortedDictionary<ObjectKey, NodeResource> _serving = [];
    private EquatableArray<NodeResource>? _all;

    public IReadOnlyCollection<ObjectKey> Keys => _nodes.Keys;

    /// <summary>Those that take traffic, ordered by name.</summary>
    public EquatableArray<NodeResource> Serving => _all ??= _serving.Values.ToEquatableArray();

    public NodeResource? Find(ObjectKey key) => _nodes.GetValueOrDefault(key);

    /// <summary>Whether what Services see of it changed; a null node is a deletion.</summary>
    public bool Set(ObjectKey key, NodeResource? node)
    {
        if (node is null)
            _nodes.Remove(key);
        else
            _nodes[key] = node;
        var shape = node is { TakesTraffic: true, DecodeError: null } ? ShapeOf(node) : null;
        if (Equals(_serving.GetValueOrDefault(key), shape))
            return false;
        if (shape is null)
            _serving.Remove(key);
        else
            _serving[key] = shape;
        _all = null;
        return true;
    }

    private static NodeResource ShapeOf(NodeResource node)
    {
        var zone = node.Meta.Labels.Find(MemberTraits.ZoneLabel);
        var labels = zone is null ? EquatableMap.Empty : EquatableMap.From([new(MemberTraits.ZoneLabel, zone)]);
        return new NodeResource(new ObjectMeta(node.Key) { Labels = labels }) { TakesTraffic = true, Addresses = node.Addresses };
    }
}
