namespace MultiCluster.Cli.Top;

/// <param name="By">service, ingress or proxy.</param>
/// <param name="Seconds">Over which rates are.</param>
/// <param name="More">Rows that are left out.</param>
internal sealed record TopView(string By, double Seconds, IReadOnlyList<TopRow> Rows, int More);

/// <summary>Null: nobody tells it.</summary>
/// <param name="ErrorsPerSecond">Answers with 5xx.</param>
/// <param name="Active">Requests and connections under way.</param>
/// <param name="LatencySeconds">Average over the requests that ended meanwhile.</param>
internal sealed record TopRow(
    string Name,
    string Proxy,
    double? RequestsPerSecond,
    double? ErrorsPerSecond,
    double? Active,
    double? Queue,
    double? LatencySeconds,
    double? EndpointsUp,
    double? Endpoints)
{
    /// <param name="before">Of what is new all has been counted meanwhile.</param>
    /// <param name="most">Rows to show, the busiest first.</param>
    public static TopView Compare(
        TopKind kind, IReadOnlyDictionary<TopKey, TopCounts> before, IReadOnlyDictionary<TopKey, TopCounts> after, TimeSpan time, int most)
    {
        var rows = after.OrderBy(static item => item.Key.Name, StringComparer.Ordinal).ThenBy(static item => item.Key.Proxy, StringComparer.Ordinal)
            .Select(item => Of(item.Key, before.GetValueOrDefault(item.Key) ?? new TopCounts(), item.Value, time.TotalSeconds))
            .OrderByDescending(static row => row.RequestsPerSecond ?? 0).ToList();
        return new TopView(WordOf(kind), time.TotalSeconds, [.. rows.Take(most)], Math.Max(0, rows.Count - most));
    }

    public static string WordOf(TopKind kind) => kind switch
    {
        TopKind.Service => "service",
        TopKind.Ingress => "ingress",
        TopKind.Proxy => "proxy",
        _ => throw new InvalidOperationException($"Unknown kind {kind}."),
    };

    private static TopRow Of(TopKey key, TopCounts before, TopCounts after, double seconds)
    {
        var timed = Growth(before.Timed, after.Timed);
        return new TopRow(
            key.Name,
            key.Proxy,
            Growth(before.Requests, after.Requests) / seconds,
            Growth(before.Errors, after.Errors) / seconds,
            after.Active,
            after.Queue,
            timed > 0 ? Growth(before.Seconds, after.Seconds) / timed : null,
            after.Up,
            after.Endpoints);
    }

    /// <summary>A counter that went back began anew.</summary>
    private static double? Growth(double? before, double? after) => after - (before <= after ? before : 0);
}
