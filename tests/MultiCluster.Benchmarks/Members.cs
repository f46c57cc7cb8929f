using System.Diagnostics;
using System.Globalization;
using MultiCluster.Benchmarks.Support;

namespace MultiCluster.Benchmarks;

/// <summary>
/// Many members in one process of ours: how soon a change in one is served, alone and while another one changes all the time; what an
/// endpoint costs in memory; and all members lost and found again in one moment.
/// </summary>
internal static class Members
{
    /// <summary>The figures of the result are those of so many members, as far as they are measured.</summary>
    private const int Counted = 10;
    private const int MostMembers = 200;

    /// <summary>Of the member that changes all the time.</summary>
    private const int ChangesPerSecond = 1_000;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(6);

    public static async Task<BenchLine> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var counts = options.Numbers("members", 2, 10, 50, 100);
        if (counts.Min() < 2 || counts.Max() > MostMembers)
            throw new BenchException($"--members {string.Join(',', counts)}: from 2, one of them changes all the time, to {MostMembers}");
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(Longest);
        var started = Stopwatch.GetTimestamp();
        using var scratch = new Scratch();
        using var pods = await Pods.StartAsync(scratch.Path, options.HAProxy, counts.Max() + 16, bounded.Token);
        await using var members = await FakeMembers.StartAsync(counts.Max(), pods);
        using var churn = new Churn(members[0], pods, ChangesPerSecond);
        var bench = new MemberBench(options, scratch.Path, members, churn);

        var latencies = new List<MemberLatencies>();
        foreach (var count in counts)
            latencies.Add(await MemberSwaps.RunAsync(bench, count, bounded.Token));
        var crowd = await MemberCrowd.RunAsync(bench, counts.Max(), bounded.Token);

        var counted = latencies.Find(static one => one.Members == Counted) ?? latencies[0];
        return new BenchLine("members", options.HAProxy.FullVersion)
        {
            P50Ms = counted.Idle.Percentile(50),
            P99Ms = counted.Idle.Percentile(99),
            Ratio = Math.Round(counted.Idle.Percentile(99) / counted.Busy.Percentile(99), 3),
            RatePerS = Math.Round(counted.ChangesPerSecond),
            BytesPerEndpoint = Math.Round(crowd.BytesPerEndpoint),
            ReconnectSeconds = Math.Round(crowd.ReconnectSeconds, 1),
            RssMib = crowd.Resident,
            RssPeakMib = crowd.Peak,
            FailedRequests = crowd.Failed + latencies.Sum(static one => one.Failed),
            Reloads = crowd.Reloads + latencies.Sum(static one => one.Reloads),
            Seconds = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 1),
        };
    }
}

/// <summary>What all parts of the benchmark share.</summary>
internal sealed record MemberBench(BenchOptions Options, string Folder, FakeMembers Members, Churn Churn)
{
    /// <summary>Routes and servers of the first so many members: their own, the shop, and those that change all the time.</summary>
    public static (int Routes, int Servers) Size(int count) => (count + 1 + Churn.Services, (2 * count) + Churn.Services);

    /// <returns>When it serves all of the first so many members.</returns>
    public async Task<Product> StartAsync(string name, int count, int fillers, int fillerEndpoints, CancellationToken cancellationToken)
    {
        // A short path: it holds unix sockets.
        var folder = Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;
        var (routes, servers) = Size(count);
        routes += count * fillers;
        servers += count * fillers * fillerEndpoints;
        var config = new ProductConfig(
            folder, Options.HAProxy.Path, Members.Configuration(count), string.Create(CultureInfo.InvariantCulture, $"haproxy.pool-size = {Math.Max(2_048, routes + 64)}"), many: true);
        var product = await Product.StartAsync(config, folder, cancellationToken);
        try
        {
            await product.Admin.WhenAsync(view => view.Routes == routes && view.Servers == servers && IsStill(view), $"{routes} routes and {servers} servers", cancellationToken);
            await product.Admin.WhenStoredAsync(cancellationToken);
            return product;
        }
        catch
        {
            product.Dispose();
            throw;
        }
    }

    /// <summary>HAProxy, and the file that it would start from, have all there is.</summary>
    public static bool IsStill(Model.Admin.ProxyView view) => view.AppliedVersion == view.DesiredVersion && view.StartFileVersion == view.DesiredVersion;
}
