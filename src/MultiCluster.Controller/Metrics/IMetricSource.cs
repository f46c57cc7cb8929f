namespace MultiCluster.Controller.Metrics;

/// <summary>Writes families of its own: one that is in another source's too would be there twice.</summary>
public interface IMetricSource
{
    /// <summary>All that it may write.</summary>
    IReadOnlyList<MetricFamily> Families { get; }

    /// <summary>Of one scrape at a time. What it has to ask it asks before it writes; trouble is a value of a family, and no exception.</summary>
    ValueTask WriteAsync(MetricWriter writer, CancellationToken cancellationToken);
}
