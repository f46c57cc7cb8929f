using System.Collections.Immutable;
using System.Text;

namespace MultiCluster.Controller.Metrics.Traffic;

/// <summary>A family of which a line of <c>show info</c> is the value.</summary>
/// <param name="Factor">To base units.</param>
internal sealed record WorkerFamily(MetricFamily Family, byte[] Field, double Factor);

/// <summary>What is told of HAProxy itself; counters begin anew with each worker.</summary>
internal static class WorkerFamilies
{
    private static readonly string[] OfProxy = ["proxy"];

    public static readonly MetricFamily Up = new("multicluster_haproxy_up", MetricKind.Gauge, "1 when HAProxy has told its statistics for this scrape.", OfProxy);

    public static readonly MetricFamily Info = new("multicluster_haproxy_info", MetricKind.Gauge, "1, with the version of the HAProxy that runs.", "proxy", "version");

    public static readonly MetricFamily Unnamed = new(
        "multicluster_haproxy_unnamed", MetricKind.Gauge, "Backends with servers that belong to no Service, and servers that belong to no member: they are in no other family.", OfProxy);

    public static readonly MetricFamily Summed = new(
        "multicluster_endpoints_summed", MetricKind.Gauge, "1 while there are more endpoints than metrics.endpoint-limit, so that multicluster_endpoint_* tell sums of members, without pod and address.", OfProxy);

    public static readonly MetricFamily Endpoints = new("multicluster_endpoints", MetricKind.Gauge, "Endpoints that HAProxy has.", OfProxy);

    public static readonly ImmutableArray<WorkerFamily> Numbers =
    [
        Gauge("connections", "Connections of clients that are open.", "CurrConns"),
        Counter("connections_total", "Connections that clients have opened.", "CumConns"),
        Counter("requests_total", "Requests that clients have sent.", "CumReq"),
        Gauge("max_connections", "As many connections are taken at once.", "Maxconn"),
        Gauge("tls_connections", "Connections with TLS that are open.", "CurrSslConns"),
        Counter("tls_connections_total", "Connections with TLS that were opened.", "CumSslConns"),
        Gauge("connection_rate", "Connections that were opened in the last second.", "ConnRate"),
        Gauge("session_rate", "Sessions that began in the last second.", "SessRate"),
        Gauge("tls_handshake_rate", "TLS keys that were computed for clients in the last second.", "SslFrontendKeyRate"),
        Counter("sent_bytes_total", "Bytes that were sent.", "TotalBytesOut"),
        Gauge("idle_ratio", "Part of the time that HAProxy had nothing to do, 0 to 1.", "Idle_pct", 0.01),
        Gauge("pool_allocated_bytes", "Memory of its pools.", "PoolAlloc_bytes"),
        Gauge("pool_used_bytes", "Memory of its pools that is in use.", "PoolUsed_bytes"),
        Counter("pool_failures_total", "Times that it found no memory.", "PoolFailed"),
        Gauge("tasks", "Its tasks.", "Tasks"),
        Gauge("run_queue", "Its tasks that wait for their turn.", "Run_queue"),
        Gauge("jobs", "Listeners, connections and the like that keep it from ending.", "Jobs"),
        Gauge("threads", "Its threads.", "Nbthread"),
        Counter("dropped_logs_total", "Lines of the log that found no reader.", "DroppedLogs"),
        Counter("failed_resolutions_total", "Names that DNS did not resolve.", "FailedResolutions"),
        Gauge("uptime_seconds", "Since its worker began.", "Uptime_sec"),
    ];

    public static IEnumerable<MetricFamily> All => [Up, Info, Unnamed, Summed, Endpoints, .. Numbers.Select(static item => item.Family)];

    private static WorkerFamily Gauge(string name, string help, string field, double factor = 1) =>
        new(new MetricFamily($"multicluster_haproxy_{name}", MetricKind.Gauge, help, OfProxy), Encoding.ASCII.GetBytes(field), factor);

    private static WorkerFamily Counter(string name, string help, string field) =>
        new(new MetricFamily($"multicluster_haproxy_{name}", MetricKind.Counter, help, OfProxy), Encoding.ASCII.GetBytes(field), 1);
}
