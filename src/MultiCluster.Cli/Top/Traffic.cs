namespace MultiCluster.Cli.Top;

internal enum TopKind
{
    Service,
    Ingress,
    Proxy,
}

internal readonly record struct TopKey(string Proxy, string Name);

/// <summary>What has been counted of one thing, and how it stands. Null: nobody tells.</summary>
internal sealed record TopCounts
{
    public double? Requests { get; init; }

    public double? Errors { get; init; }

    public double? Active { get; init; }

    public double? Queue { get; init; }

    public double? Seconds { get; init; }

    /// <summary>Of those that <see cref="Seconds"/> is the sum of.</summary>
    public double? Timed { get; init; }

    public double? Up { get; init; }

    public double? Endpoints { get; init; }
}

/// <summary>What metrics tell of services, Ingresses or proxies.</summary>
internal static class Traffic
{
    private const string Service = "multicluster_service_";
    private const string IngressRequests = "multicluster_ingress_requests_total";
    private const string ProxyRequests = "multicluster_haproxy_requests_total";
    private const string ProxyConnections = "multicluster_haproxy_connections";

    public static bool IsWanted(string name) =>
        (name.StartsWith(Service, StringComparison.Ordinal) && !name.EndsWith("_bucket", StringComparison.Ordinal)) || name is IngressRequests or ProxyRequests or ProxyConnections;

    public static IReadOnlyDictionary<TopKey, TopCounts> Of(TopKind kind, IEnumerable<MetricSample> samples)
    {
        var counts = new Dictionary<TopKey, TopCounts>();
        foreach (var sample in samples)
        {
            if (KeyOf(kind, sample) is not { } key)
                continue;
            var before = counts.GetValueOrDefault(key) ?? new TopCounts();
            counts[key] = Add(kind, before, sample);
        }

        return counts;
    }

    private static TopKey? KeyOf(TopKind kind, MetricSample sample)
    {
        var isIngress = sample.Name == IngressRequests;
        var isProxy = sample.Name is ProxyRequests or ProxyConnections;
        return kind switch
        {
            TopKind.Ingress => isIngress ? new TopKey(sample.Label("proxy"), $"{sample.Label("namespace")}/{sample.Label("ingress")}") : null,
            TopKind.Proxy => isIngress ? null : new TopKey(sample.Label("proxy"), sample.Label("proxy")),
            _ => isIngress || isProxy ? null : new TopKey(sample.Label("proxy"), $"{sample.Label("namespace")}/{sample.Label("service")}:{sample.Label("port")}"),
        };
    }

    private static TopCounts Add(TopKind kind, TopCounts to, MetricSample sample)
    {
        var value = sample.Value;
        return (sample.Name, kind) switch
        {
            (IngressRequests, _) => to with { Requests = Sum(to.Requests, value), Errors = Sum(to.Errors, IsError(sample) ? value : 0) },
            (ProxyRequests, _) => to with { Requests = Sum(to.Requests, value) },
            (ProxyConnections, _) => to with { Active = Sum(to.Active, value) },
            (Service + "requests_total", TopKind.Service) => to with { Requests = Sum(to.Requests, value) },
            (Service + "sessions", TopKind.Service) => to with { Active = Sum(to.Active, value) },
            (Service + "responses_total", _) => to with { Errors = Sum(to.Errors, IsError(sample) ? value : 0) },
            (Service + "queue", _) => to with { Queue = Sum(to.Queue, value) },
            (Service + "request_duration_seconds_sum", _) => to with { Seconds = Sum(to.Seconds, value) },
            (Service + "request_duration_seconds_count", _) => to with { Timed = Sum(to.Timed, value) },
            (Service + "endpoints_up", _) => to with { Up = Sum(to.Up, value) },
            (Service + "endpoints", _) => to with { Endpoints = Sum(to.Endpoints, value) },
            _ => to,
        };
    }

    private static bool IsError(MetricSample sample) => sample.Label("code").StartsWith('5');

    private static double Sum(double? known, double more) => (known ?? 0) + more;
}
