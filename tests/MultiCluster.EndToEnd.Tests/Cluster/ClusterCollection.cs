using MultiCluster.TestKit.HAProxyVersions;
using MultiCluster.TestKit.PostgreSql;

namespace MultiCluster.EndToEnd.Tests.Cluster;

/// <summary>One cluster at a time, and alone: it is many processes.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ClusterCollection
{
    public const string Name = "controller clusters";
}

/// <summary>Skipped where PostgreSQL is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgreSqlFactAttribute : FactAttribute
{
    public PostgreSqlFactAttribute() => Skip = PostgreSqlPrograms.WhyMissing;
}

internal static class ClusterBinaries
{
    /// <summary>The newest that is not the distribution's own, if there is another.</summary>
    public static HAProxyBinary Other => HAProxyBinaries.List.OrderByDescending(static binary => Version.Parse(binary.Version)).First();
}
