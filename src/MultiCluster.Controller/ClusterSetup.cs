using System.Collections.Immutable;
using MultiCluster.Cluster;
using MultiCluster.Cluster.Transport;
using MultiCluster.Controller.Storage;
using MultiCluster.Persistence.Leases;

namespace MultiCluster.Controller;

/// <summary>How this node takes part in the controller cluster.</summary>
/// <param name="Transport">Outlives the control plane, whose next life starts it again.</param>
/// <param name="Store">Null: nothing is remembered.</param>
public sealed record ClusterSetup(ClusterOptions Options, ILeaseStore Leases, IClusterTransport Transport, EntityStore? Store)
{
    /// <summary>A cluster of one, in memory.</summary>
    public static ClusterSetup Alone() => new(
        new ClusterOptions { ClusterName = "multicluster", NodeName = "local", Address = "local" }, new InMemoryLeaseStore(), NoPeers.Instance, Store: null);

    private sealed class NoPeers : IClusterTransport
    {
        public static readonly NoPeers Instance = new();

        public void Start(ITransportReceiver receiver)
        {
        }

        public void SetPeers(NodeId self, ImmutableArray<Peer> peers)
        {
        }

        public bool TrySend(NodeId to, LinkFrame frame) => false;
    }
}
