using System.Collections.Immutable;
using MultiCluster.Cluster.Transport.Http2.Tls;

namespace MultiCluster.Host.Configuration;

/// <summary>What a process does.</summary>
public enum Role
{
    /// <summary>Reads members, and drives the HAProxy beside it.</summary>
    All,

    /// <summary>Reads members, and tells proxies elsewhere.</summary>
    Controller,

    /// <summary>Drives the HAProxy beside it, as controllers elsewhere say.</summary>
    Proxy,
}

public enum LeaseKind
{
    Sql,
    Kubernetes,
}

public enum StoreKind
{
    Sqlite,
    PostgreSql,

    /// <summary>Nothing outlives the process.</summary>
    None,
}

/// <summary>How a controller takes part in its cluster.</summary>
/// <param name="Listen">Where peers and proxies connect; null: nobody does.</param>
/// <param name="Advertise">What they are told to connect to; null: what it listens on.</param>
/// <param name="Tls">Null: without, which is for one machine only.</param>
/// <param name="StateDirectory">Of this node alone.</param>
public sealed record NodeOptions(
    string Cluster,
    string Name,
    string? Listen,
    string? Advertise,
    LeaseKind Leases,
    LeaseClusterOptions Kubernetes,
    TimeSpan LeaseTtl,
    int Shards,
    TlsFiles? Tls,
    string StateDirectory);

/// <param name="KubeConfig">Null: the service account of the pod that this runs in.</param>
public sealed record LeaseClusterOptions(string? KubeConfig, string? Context, string Namespace);

/// <param name="File">Of SQLite.</param>
/// <param name="Connection">Of PostgreSQL; may hold a password.</param>
/// <param name="KeyFile">Encrypts what is secret in snapshots.</param>
public sealed record PersistenceOptions(StoreKind Store, string File, string? Connection, TimeSpan History, string KeyFile);

/// <summary>A proxy as its controllers know it.</summary>
/// <param name="Controllers">host:port of each; any will do.</param>
public sealed record ProxyNameOptions(string Name, ImmutableArray<string> Controllers);
