namespace MultiCluster.Cluster;

/// <summary>One run of a node: what a peer knew of the run before says nothing about this one.</summary>
/// <param name="Name">Given by the operator; unique among nodes that live at one time.</param>
/// <param name="Incarnation">Made anew each time the node joins.</param>
public readonly record struct NodeId(string Name, string Incarnation)
{
    public override string ToString() => $"{Name}#{Incarnation}";
}
