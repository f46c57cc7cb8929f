namespace MultiCluster.Benchmarks;

/// <summary>Benchmarks by name.</summary>
internal static class Catalogue
{
    private static readonly Dictionary<string, Func<BenchOptions, CancellationToken, Task<BenchLine>>> All = new(StringComparer.Ordinal)
    {
        ["propagation"] = Propagation.RunAsync,
        ["cluster-propagation"] = Propagation.RunClusterAsync,
        ["takeover"] = Takeover.RunAsync,
        ["surge"] = Surge.RunAsync,
        ["coldstart"] = ColdStart.RunAsync,
        ["members"] = Members.RunAsync,
        ["actors"] = ActorCosts.RunAsync,
        ["swap"] = Swap.RunAsync,
        ["endpoints"] = Endpoints.RunAsync,
        ["dataplane"] = Dataplane.RunAsync,
        ["log"] = AccessLogCosts.RunAsync,
        ["scrape"] = Scrapes.RunAsync,
        ["policies"] = Policies.RunAsync,
    };

    public static IEnumerable<string> Names => All.Keys;

    public static Task<BenchLine> RunAsync(BenchOptions options, CancellationToken cancellationToken) =>
        All.TryGetValue(options.Name, out var bench)
            ? bench(options, cancellationToken)
            : throw new BenchException($"there is no benchmark {options.Name}; there is {string.Join(", ", Names)}");
}
