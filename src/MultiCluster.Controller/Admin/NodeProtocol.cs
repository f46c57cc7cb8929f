using MultiCluster.Cluster;
using MultiCluster.Controller.Sessions;
using MultiCluster.Model.Collections;

namespace MultiCluster.Controller.Admin;

/// <summary>What one controller asks another, whatever either owns.</summary>
public static class NodeProtocol
{
    /// <summary>To the desk of this node: answered by the other node's answer, by <see cref="NotReached"/>, or not at all.</summary>
    public sealed record ToNode(NodeId Node, object Question);

    /// <summary>There is no connection with that node now.</summary>
    public sealed record NotReached(NodeId Node);

    // Between nodes

    /// <summary>Answered by <see cref="ProxyLoads"/>.</summary>
    public sealed record GetProxyLoads;

    /// <summary>Of the proxy beside the node, and of those that have a session with it.</summary>
    public sealed record ProxyLoads(EquatableArray<ProxyLoad> Proxies);
}

/// <param name="Members">What its HAProxy has under way to members; null when it has not told.</param>
public sealed record ProxyLoad(string Proxy, EquatableArray<MemberLoad>? Members);
