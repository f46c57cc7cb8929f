using System.Diagnostics;
using System.Net.Http.Json;
using MultiCluster.Model.Admin;

namespace MultiCluster.Benchmarks.Support;

/// <summary>Asks the product's admin API about its one proxy.</summary>
internal sealed class AdminClient(int port) : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private readonly HttpClient _http = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

    public async Task<ProxyView> ProxyAsync(CancellationToken cancellationToken) => (await ProxiesAsync(cancellationToken))[0];

    public async Task<IReadOnlyList<ProxyView>> ProxiesAsync(CancellationToken cancellationToken) =>
        (await _http.GetFromJsonAsync(AdminPaths.Proxies, AdminJson.Default.IReadOnlyListProxyView, cancellationToken))!;

    /// <summary>The root, with all below it.</summary>
    public async Task<ActorView> ActorsAsync(CancellationToken cancellationToken) =>
        (await _http.GetFromJsonAsync(ClusterPaths.Actors, AdminJson.Default.ActorView, cancellationToken))!;

    /// <summary>Entities in all shards.</summary>
    public async Task<int> EntitiesAsync(CancellationToken cancellationToken) =>
        (await _http.GetFromJsonAsync(ClusterPaths.Stats, AdminJson.Default.ShardingStatsView, cancellationToken))!.Kinds.Values.Sum();

    /// <summary>Null while nobody answers.</summary>
    public async Task<ClusterStateView?> ClusterAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _http.GetFromJsonAsync(ClusterPaths.Cluster, AdminJson.Default.ClusterStateView, cancellationToken);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public async Task WhenReadyAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await IsReadyAsync(cancellationToken))
        {
            if (Stopwatch.GetElapsedTime(started) > Deadline)
                throw new BenchException($"not ready within {Deadline.TotalSeconds} s");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Until the database has all that was decided.</summary>
    public async Task WhenStoredAsync(CancellationToken cancellationToken) =>
        await ClusterWaits.WhenAsync(this, static view => view.Store is { QueuedEvents: 0, QueuedSnapshots: 0 }, "everything in the database", cancellationToken);

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(AdminPaths.Ready, UriKind.Relative), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public async Task<long> ReloadsAsync(CancellationToken cancellationToken) =>
        (await ProxyAsync(cancellationToken)).ReloadsByReason.Values.Sum();

    /// <exception cref="BenchException">The deadline passed.</exception>
    public async Task WhenAsync(Func<ProxyView, bool> condition, string what, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (await ProxyAsync(cancellationToken) is var view && !condition(view))
        {
            if (Stopwatch.GetElapsedTime(started) > Deadline)
                throw new BenchException($"{what} did not come within {Deadline.TotalSeconds} s; the proxy is {view}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        }
    }

    public void Dispose() => _http.Dispose();
}
