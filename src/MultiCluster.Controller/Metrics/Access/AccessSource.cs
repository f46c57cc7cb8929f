using System.Collections.Immutable;
using MultiCluster.Controller.Proxies;
using MultiCluster.HAProxy.Runtime.Logs;

namespace MultiCluster.Controller.Metrics.Access;

internal static class AccessFamilies
{
    public static readonly MetricFamily Duration = new(
        "multicluster_service_request_duration_seconds", MetricKind.Histogram,
        "From a request's first byte to its answer's last, of requests that the Service's port was to answer; upgraded connections are left out. Only with haproxy.log-receiver.",
        "proxy", "namespace", "service", "port");

    public static readonly MetricFamily Requests = new(
        "multicluster_ingress_requests_total", MetricKind.Counter,
        "Requests that an Ingress's routes took, by class of the status that clients got. Only with haproxy.log-receiver.",
        "proxy", "namespace", "ingress", "code");

    public static readonly MetricFamily Lines = new("multicluster_access_log_lines_total", MetricKind.Counter, "Lines of the access log that were written. Only with haproxy.log-receiver.", "proxy");

    public static readonly MetricFamily Lost = new(
        "multicluster_access_log_lost_lines_total", MetricKind.Counter,
        "Lines that were not: lines came faster than they were taken, or were not taken, or HAProxy wrote what is none. Only with haproxy.log-receiver.",
        "proxy", "reason");

    public static readonly ImmutableArray<MetricFamily> All = [Duration, Requests, Lines, Lost];
}

/// <summary>Tells what the access log counts.</summary>
public sealed class AccessSource(ProxySettings proxy, TimeProvider time) : IMetricSource
{
    private static readonly (LineLoss Reason, byte[] Label)[] Reasons =
        [.. Enum.GetValues<LineLoss>().Select(static reason => (reason, LabelText.Of(("reason", reason.ToString().ToLowerInvariant()))))];

    private static readonly byte[][] Codes = [.. Answers.Codes.Select(static code => LabelText.Of(("code", code)))];

    private readonly long _began = time.GetTimestamp();
    private readonly byte[] _labels = LabelText.Of(("proxy", proxy.Name));

    public IReadOnlyList<MetricFamily> Families => AccessFamilies.All;

    public async ValueTask WriteAsync(MetricWriter writer, CancellationToken cancellationToken)
    {
        var (services, ingresses) = proxy.Accesses.Show(time.GetElapsedTime(_began));
        writer.Family(AccessFamilies.Duration);
        foreach (var service in services)
        {
            writer.Histogram(And(service.Labels), Latencies.Bounds, service.Counts, service.Sum / 1000.0);
            if (writer.IsFull)
                await writer.FlushAsync(cancellationToken);
        }

        writer.Family(AccessFamilies.Requests);
        foreach (var ingress in ingresses)
        {
            for (var code = 0; code < Codes.Length; code++)
            {
                if (ingress.Counts[code] > 0)
                    writer.Sample(And(ingress.Labels), Codes[code], ingress.Counts[code]);
            }

            if (writer.IsFull)
                await writer.FlushAsync(cancellationToken);
        }

        writer.Family(AccessFamilies.Lines);
        writer.Sample(_labels, proxy.Accesses.Written);
        writer.Family(AccessFamilies.Lost);
        foreach (var (reason, label) in Reasons)
            writer.Sample(_labels, label, proxy.Accesses.Lost(reason));
        await writer.FlushAsync(cancellationToken);
    }

    private byte[] And(byte[] labels) => [.. _labels, (byte)',', .. labels];
}
