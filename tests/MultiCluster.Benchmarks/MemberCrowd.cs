using System.Diagnostics;
using System.Globalization;
using MultiCluster.Benchmarks.Support;

namespace MultiCluster.Benchmarks;

/// <param name="Resident">In MiB, with all endpoints, before the members went away.</param>
/// <param name="Peak">In MiB, from that moment on.</param>
/// <param name="ReconnectSeconds">Until all are read again and all that changed meanwhile is served.</param>
internal sealed record CrowdFigures(double BytesPerEndpoint, double Resident, double Peak, double ReconnectSeconds, long Failed, long Reloads);

/// <summary>
/// Members with thousands of endpoints each. Memory beside that of the same Ingresses and Services without endpoints; then all API
/// servers cut their connections, refuse everything for some seconds, forget what a watch could go back to, and come back in one moment,
/// so that every list is read again at once. A pod of each member is replaced meanwhile. Every host is asked throughout.
/// </summary>
internal static class MemberCrowd
{
    private const int Services = 10;
    private const double TrafficPerSecond = 400;
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AskInterval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    /// <summary>What is read again may be there twice for a while, lists as they come beside what was known; not more often.</summary>
    private const double MostGrowth = 2;

    public static async Task<CrowdFigures> RunAsync(MemberBench bench, int count, CancellationToken cancellationToken)
    {
        var each = Math.Max(1, bench.Options.Number("endpoints", 2_000) / Services);
        bench.Members.Fill(Services, endpoints: 0);
        double bare;
        using (var product = await bench.StartAsync("bare", count, Services, 0, cancellationToken))
            bare = await product.SettledAsync(cancellationToken);

        bench.Members.Fill(Services, each);
        var started = Stopwatch.GetTimestamp();
        using var full = await bench.StartAsync("full", count, Services, each, cancellationToken);
        var start = Stopwatch.GetElapsedTime(started);
        var resident = await full.SettledAsync(cancellationToken);
        var endpoints = count * Services * each;
        var bytes = (resident - bare) * (1 << 20) / endpoints;
        await Console.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} members, {count * Services} Services more: {bare} MiB without endpoints, {resident} MiB with {endpoints} of them, {bytes:F0} bytes each; served {start.TotalSeconds:F1} s after the start"));
        return await ReconnectAsync(bench, full, count, bytes, cancellationToken);
    }

    private static async Task<CrowdFigures> ReconnectAsync(MemberBench bench, Product product, int count, double bytes, CancellationToken cancellationToken)
    {
        var before = await product.Admin.ProxyAsync(cancellationToken);
        var resident = product.Resident();
        product.ResetPeak();
        using var traffic = Traffic.Start(product.Port, 4, TrafficPerSecond, [.. FakeMembers.Requests(count), .. Churn.Requests]);
        bench.Members.GoAway();
        for (var m = 0; m < count; m++)
            bench.Members.Replace(m);
        await Task.Delay(Outage, TimeProvider.System, cancellationToken);

        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(Deadline);
        var back = Stopwatch.GetTimestamp();
        bench.Members.ComeBack();
        var watching = WatchedAsync(bench.Members, limited.Token);
        var served = await Task.Run(() => WhenServed(bench.Members, product.Port, count, limited.Token), cancellationToken);
        var watched = await watching;
        await product.Admin.WhenAsync(MemberBench.IsStill, "all that was changed", cancellationToken);
        var after = await product.Admin.ProxyAsync(cancellationToken);
        var peak = product.Peak();
        var seconds = Stopwatch.GetElapsedTime(back, Math.Max(watched, served)).TotalSeconds;
        await Console.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} members back at once after {Outage.TotalSeconds} s: a change in each served after {Stopwatch.GetElapsedTime(back, served).TotalSeconds:F1} s, all watched after {Stopwatch.GetElapsedTime(back, watched).TotalSeconds:F1} s; {resident} MiB before, {peak} MiB at the peak ({peak / resident:F2} times), {product.Resident()} MiB after; {traffic.Failed} of {traffic.Done} requests failed{traffic.Failures}"));
        if ((after.Routes, after.Servers) != (before.Routes, before.Servers))
            throw new BenchException($"{before.Routes} routes and {before.Servers} servers before the members went away, {after.Routes} and {after.Servers} after they came back");
        if (peak > MostGrowth * resident)
            throw new BenchException($"memory is not bounded: {resident} MiB before the members came back, {peak} MiB at the peak, at most {MostGrowth} times as much may be");
        return new CrowdFigures(bytes, resident, peak, seconds, traffic.Failed, after.ReloadsByReason.Values.Sum());
    }

    private static async Task<long> WatchedAsync(FakeMembers members, CancellationToken cancellationToken)
    {
        try
        {
            await members.WhenWatchedAsync(cancellationToken);
            return Stopwatch.GetTimestamp();
        }
        catch (OperationCanceledException)
        {
            throw new BenchException($"members are not all watched {Deadline.TotalSeconds} s after they came back");
        }
    }

    private static long WhenServed(FakeMembers members, int port, int count, CancellationToken cancellationToken)
    {
        using var never = new ManualResetEventSlim();
        using var probe = new HttpProbe(port);
        for (var m = 0; m < count; m++)
        {
            var (request, wanted) = (HttpProbe.Request(Objects.Host(m)), members.Answer(m));
            while (probe.Ask(request) != 200 || !probe.Body.SequenceEqual(wanted))
            {
                // Not by an exception of the token: this one says which.
                if (cancellationToken.IsCancellationRequested)
                    throw new BenchException($"a change in member {m} is not served {Deadline.TotalSeconds} s after it came back");
                never.Wait(AskInterval, CancellationToken.None);
            }
        }

        return Stopwatch.GetTimestamp();
    }
}
