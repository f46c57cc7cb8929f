namespace MultiCluster.HAProxy.Runtime.Statistics;

/// <summary>Takes what a worker tells of itself, line by line, while it tells it.</summary>
public interface IStatisticsSink
{
    /// <summary>A line of <c>show info</c>, such as <c>CurrConns: 3</c>.</summary>
    void OnInfo(ReadOnlySpan<byte> line);

    /// <summary>All of <c>show info</c> has been told; next comes <c>show stat</c>.</summary>
    void OnTable(StatTable table);

    void OnRow(ReadOnlySpan<byte> line);
}
