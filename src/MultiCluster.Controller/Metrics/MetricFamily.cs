using System.Text;

namespace MultiCluster.Controller.Metrics;

public enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>What METRICS.md has a row of.</summary>
/// <param name="Labels">In the order in which they are written.</param>
public sealed record MetricFamily(string Name, MetricKind Kind, string Help, params string[] Labels)
{
    internal byte[] Utf8Name { get; } = Encoding.ASCII.GetBytes(Name);
}
