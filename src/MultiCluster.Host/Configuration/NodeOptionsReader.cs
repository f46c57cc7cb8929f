using MultiCluster.Cluster;
using MultiCluster.Cluster.Transport.Http2.Tls;
using MultiCluster.Hocon;

namespace MultiCluster.Host.Configuration;

/// <summary>Reads what concerns roles, the cluster of controllers and its database.</summary>
internal sealed class NodeOptionsReader(HoconDocument document, Role? role, List<HoconError> errors)
{
    private static readonly string HostName = new([.. Environment.MachineName.ToLowerInvariant().Where(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.')]);

    public Role Role { get; } = role ?? Words.Of(document, errors, "role", ("all", Role.All), ("controller", Role.Controller), ("proxy", Role.Proxy));

    public NodeOptions Node(string stateDirectory)
    {
        var node = new NodeOptions(
            document.GetString("cluster.name"),
            Text("cluster.node") ?? HostName,
            Text("cluster.listen"),
            Text("cluster.advertise"),
            Words.Of(document, errors, "cluster.leases", ("sql", LeaseKind.Sql), ("kubernetes", LeaseKind.Kubernetes)),
            new LeaseClusterOptions(Text("cluster.kubernetes.kubeconfig"), Text("cluster.kubernetes.context"), document.GetString("cluster.kubernetes.namespace")),
            document.GetDuration("cluster.lease-ttl"),
            document.GetInt("cluster.shards"),
            Tls(),
            stateDirectory);
        var fault = new ClusterOptions
        {
            ClusterName = node.Cluster, NodeName = node.Name, Address = node.Listen ?? "", Shards = node.Shards, LeaseTtl = node.LeaseTtl,
        }.Fault();
        if (fault is not null)
            errors.Add(document.Error("cluster", $"can't be used: {fault}"));
        if (node.Advertise is not null && node.Listen is null)
            errors.Add(document.Error("cluster.advertise", "says where others reach this node, which listens nowhere: set cluster.listen"));
        if (Role == Role.Controller && node.Listen is null)
            errors.Add(document.Error("cluster.listen", "is needed by role controller: proxies connect there"));
        return node;
    }

    public PersistenceOptions Persistence(string stateDirectory)
    {
        var options = new PersistenceOptions(
            Words.Of(document, errors, "persistence.store", ("sqlite", StoreKind.Sqlite), ("postgresql", StoreKind.PostgreSql), ("none", StoreKind.None)),
            Path.GetFullPath(Text("persistence.sqlite.file") ?? Path.Combine(stateDirectory, "multicluster.db")),
            Text("persistence.postgresql.connection"),
            document.GetDuration("persistence.history"),
            Path.GetFullPath(Text("persistence.key-file") ?? Path.Combine(stateDirectory, "snapshot.keys")));
        if (options.Store == StoreKind.PostgreSql && options.Connection is null)
            errors.Add(document.Error("persistence.postgresql.connection", "is needed for persistence.store = postgresql"));
        if (options.Store == StoreKind.None && document.Has("cluster.listen") && document.GetString("cluster.leases") == "sql")
            errors.Add(document.Error("persistence.store", "is none, so that nodes have no database to keep their leases in: use sqlite or postgresql, or cluster.leases = kubernetes"));
        return options;
    }

    public ProxyNameOptions Proxy()
    {
        var proxy = new ProxyNameOptions(Text("proxy.name") ?? (Role == Role.Proxy ? HostName : "local"), [.. document.GetStringList("proxy.controllers")]);
        if (Role == Role.Proxy && proxy.Controllers.IsEmpty)
            errors.Add(document.Error("proxy.controllers", "is empty: name at least one controller as host:port of its cluster.listen"));
        return proxy;
    }

    private TlsFiles? Tls()
    {
        var (certificate, key, authority) = (Text("cluster.tls.certificate"), Text("cluster.tls.key"), Text("cluster.tls.authority"));
        if (certificate is null && key is null && authority is null)
            return null;
        if (certificate is not null && key is not null && authority is not null)
            return new TlsFiles(Path.GetFullPath(certificate), Path.GetFullPath(key), Path.GetFullPath(authority));
        errors.Add(document.Error("cluster.tls", "needs certificate, key and authority, all three or none"));
        return null;
    }

    private string? Text(string path) => document.Has(path) ? document.GetString(path) : null;
}
