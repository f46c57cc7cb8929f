using System.Collections.Immutable;
using MultiCluster.HAProxy.Runtime.Statistics;

namespace MultiCluster.Controller.Metrics.Traffic;

/// <summary>A family of which a column of <c>show stat</c> is the value.</summary>
/// <param name="Codes">Of several columns, what tells them apart; empty for one column.</param>
internal sealed record StatFamily(MetricFamily Family, StatColumn Column, ImmutableArray<(StatColumn Column, byte[] Label)> Codes)
{
    private static readonly ImmutableArray<(StatColumn, byte[])> AllCodes =
    [
        (StatColumn.Responses1xx, LabelText.Of(("code", "1xx"))),
        (StatColumn.Responses2xx, LabelText.Of(("code", "2xx"))),
        (StatColumn.Responses3xx, LabelText.Of(("code", "3xx"))),
        (StatColumn.Responses4xx, LabelText.Of(("code", "4xx"))),
        (StatColumn.Responses5xx, LabelText.Of(("code", "5xx"))),
        (StatColumn.ResponsesOther, LabelText.Of(("code", "other"))),
    ];

    public static StatFamily Of(string name, MetricKind kind, string help, string[] labels, StatColumn column) => new(new MetricFamily(name, kind, help, labels), column, []);

    public static StatFamily OfCodes(string name, string help, string[] labels) =>
        new(new MetricFamily(name, MetricKind.Counter, help, [.. labels, "code"]), StatColumn.Responses2xx, AllCodes);
}

/// <summary>What is told of services, endpoints and frontends.</summary>
internal static class TrafficFamilies
{
    private static readonly string[] OfService = ["proxy", "namespace", "service", "port"];
    private static readonly string[] OfEndpoint = ["proxy", "namespace", "service", "port", "member", "pod", "address"];
    private static readonly string[] OfFrontend = ["proxy", "frontend"];

    public static readonly ImmutableArray<StatFamily> ServiceCounters =
    [
        Counter("multicluster_service_requests_total", "Requests that a Service's port was to answer; connections, of a TCP service.", OfService, StatColumn.Requests),
        StatFamily.OfCodes("multicluster_service_responses_total", "Answers that clients got, by class of the status.", OfService),
        Counter("multicluster_service_received_bytes_total", "Bytes of requests.", OfService, StatColumn.BytesIn),
        Counter("multicluster_service_sent_bytes_total", "Bytes of answers.", OfService, StatColumn.BytesOut),
        Counter("multicluster_service_connection_errors_total", "Connections to an endpoint that failed.", OfService, StatColumn.ConnectionErrors),
        Counter("multicluster_service_response_errors_total", "Answers of an endpoint that broke off or made no sense.", OfService, StatColumn.ResponseErrors),
        Counter("multicluster_service_retries_total", "Requests that were sent again after a failure.", OfService, StatColumn.Retries),
        Counter("multicluster_service_redispatches_total", "Requests that were sent to another endpoint after a failure.", OfService, StatColumn.Redispatches),
        Counter("multicluster_service_client_aborts_total", "Requests that the client gave up.", OfService, StatColumn.ClientAborts),
        Counter("multicluster_service_endpoint_aborts_total", "Requests that the endpoint gave up.", OfService, StatColumn.ServerAborts),
        Counter("multicluster_service_denied_requests_total", "Requests that a rule of the Service's routes refused.", OfService, StatColumn.DeniedRequests),
    ];

    public static readonly StatFamily ServiceSessions = Gauge("multicluster_service_sessions", "Requests and connections under way.", OfService, StatColumn.Sessions);

    public static readonly StatFamily ServiceQueue = Gauge("multicluster_service_queue", "Requests that wait for any endpoint to have room.", OfService, StatColumn.Queue);

    public static readonly MetricFamily ServiceEndpoints = new("multicluster_service_endpoints", MetricKind.Gauge, "Endpoints that HAProxy has.", OfService);

    public static readonly MetricFamily ServiceEndpointsUp = new("multicluster_service_endpoints_up", MetricKind.Gauge, "Endpoints that take new requests.", OfService);

    public static readonly ImmutableArray<StatFamily> EndpointCounters =
    [
        Counter("multicluster_endpoint_requests_total", "Requests that an endpoint was sent, retries included; connections, of a TCP service.", OfEndpoint, StatColumn.Requests),
        StatFamily.OfCodes("multicluster_endpoint_responses_total", "Its answers, by class of the status; classes that it has not used are left out.", OfEndpoint),
        Counter("multicluster_endpoint_connection_errors_total", "Connections to it that failed; left out where none has.", OfEndpoint, StatColumn.ConnectionErrors),
        Counter("multicluster_endpoint_response_errors_total", "Answers that broke off or made no sense; left out where none has.", OfEndpoint, StatColumn.ResponseErrors),
    ];

    public static readonly StatFamily EndpointSessions = Gauge("multicluster_endpoint_sessions", "Requests and connections under way.", OfEndpoint, StatColumn.Sessions);

    public static readonly StatFamily EndpointQueue = Gauge("multicluster_endpoint_queue", "Requests that wait for this endpoint.", OfEndpoint, StatColumn.Queue);

    public static readonly StatFamily EndpointWeight = Gauge("multicluster_endpoint_weight", "HAProxy's weight of it.", OfEndpoint, StatColumn.Weight);

    public static readonly MetricFamily EndpointUp = new("multicluster_endpoint_up", MetricKind.Gauge, "1 while it takes new requests.", OfEndpoint);

    public static readonly ImmutableArray<StatFamily> Frontends =
    [
        Counter("multicluster_frontend_requests_total", "Requests that clients sent; connections, at the port of a TCP service.", OfFrontend, StatColumn.Requests),
        StatFamily.OfCodes("multicluster_frontend_responses_total", "Answers that clients got, by class of the status.", OfFrontend),
        Counter("multicluster_frontend_connections_total", "Connections that clients opened.", OfFrontend, StatColumn.Connections),
        Counter("multicluster_frontend_received_bytes_total", "Bytes that clients sent.", OfFrontend, StatColumn.BytesIn),
        Counter("multicluster_frontend_sent_bytes_total", "Bytes that clients were sent.", OfFrontend, StatColumn.BytesOut),
        Counter("multicluster_frontend_denied_requests_total", "Requests that a rule refused.", OfFrontend, StatColumn.DeniedRequests),
        Counter("multicluster_frontend_request_errors_total", "Requests that were none: broken off, too slow, or not understood.", OfFrontend, StatColumn.RequestErrors),
        Gauge("multicluster_frontend_sessions", "Connections and requests under way.", OfFrontend, StatColumn.Sessions),
    ];

    public static IEnumerable<MetricFamily> All =>
    [
        .. ServiceCounters.Select(static item => item.Family), ServiceSessions.Family, ServiceQueue.Family, ServiceEndpoints, ServiceEndpointsUp,
        .. EndpointCounters.Select(static item => item.Family), EndpointSessions.Family, EndpointQueue.Family, EndpointWeight.Family, EndpointUp,
        .. Frontends.Select(static item => item.Family),
    ];

    private static StatFamily Counter(string name, string help, string[] labels, StatColumn column) => StatFamily.Of(name, MetricKind.Counter, help, labels, column);

    private static StatFamily Gauge(string name, string help, string[] labels, StatColumn column) => StatFamily.Of(name, MetricKind.Gauge, help, labels, column);
}
