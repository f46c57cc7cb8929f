using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MultiCluster.Controller.Metrics.Access;
using MultiCluster.Controller.Metrics.Traffic;

namespace MultiCluster.Controller.Metrics;

/// <summary>All families that there are, by who tells them; METRICS.md is written from it.</summary>
public static class MetricsCatalogue
{
    public static ImmutableArray<(string Title, ImmutableArray<MetricFamily> Families)> Groups { get; } =
    [
        ("Services, endpoints and frontends: every process with a HAProxy", [.. TrafficFamilies.All]),
        ("HAProxy itself: every process with one", [.. WorkerFamilies.All]),
        ("How HAProxy is driven: every process with one", [.. MetricInstruments.OfProxies.Select(static item => item.Family)]),
        ("Members, events and the cluster: every controller", [.. MetricInstruments.OfControllers.Select(static item => item.Family)]),
        ("Every process", [.. MetricInstruments.OfProcesses.Select(static item => item.Family)]),
        ("What the access log tells: every process with a HAProxy and haproxy.log-receiver", [.. AccessFamilies.All]),
    ];

    public static IEnumerable<MetricFamily> All => Groups.SelectMany(static group => group.Families);

    public static string Table()
    {
        var text = new StringBuilder("""
            # Metrics

            All families of `/metrics`, in Prometheus' text format 0.0.4. This page is written from the program by a test.

            Names are those of Kubernetes and of the configuration, never those of HAProxy's backends. Of a Service's port all of HAProxy's
            backends are summed, of an endpoint all its servers. Counters of Services and endpoints go on when HAProxy is reloaded, and begin at zero with our process:
            what a HAProxy had counted before that belonged to nobody knows whom. What an old worker still serves after a reload is not counted. Where HAProxy
            has no such column a family is left out. `multicluster_haproxy_*` and `multicluster_frontend_*` begin anew with each worker.

            """);
        foreach (var (title, families) in Groups)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n| family | kind | labels | what |\n| --- | --- | --- | --- |\n");
            foreach (var family in families.OrderBy(static family => family.Name, StringComparer.Ordinal))
                text.Append(CultureInfo.InvariantCulture, $"| `{family.Name}` | {family.Kind.ToString().ToLowerInvariant()} | {string.Join(", ", family.Labels)} | {family.Help} |\n");
        }

        return text.ToString();
    }
}
