using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Cluster;

/// <summary>What a cluster of controllers is started with.</summary>
internal sealed record ClusterSetting(HAProxyBinary Binary, DatabaseKind Database)
{
    public const string ClusterName = "show";

    /// <summary>The product's own default.</summary>
    public static readonly TimeSpan LeaseTtl = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan MemberTimeout = TimeSpan.FromSeconds(5);

    public int Controllers { get; init; } = 3;

    public int Proxies { get; init; } = 2;

    public int Services { get; init; } = 6;

    /// <summary>Controllers and proxies know each other by certificates.</summary>
    public bool MutualTls { get; init; }

    /// <summary>Nodes reach each other over paths that the test can cut.</summary>
    public bool CutPaths { get; init; }
}
