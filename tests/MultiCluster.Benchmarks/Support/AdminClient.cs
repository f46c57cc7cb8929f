using System.Diagnostics;
using System.Net.Http.Json;
using MultiCluster.Model.Admin;

namespace MultiCluster.Benchmarks.Support;

/// <summary>Asks the product's admin API about its one proxy.</summary>
internal sealed class AdminClient(int port) : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private readonly HttpClient _http = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

    public async Task<ProxyView> ProxyAsync(CancellationToken cancellationToken) =>
        (await _http.GetFromJsonAsync(AdminPaths.Proxies, AdminJson.Default.IReadOnlyListProxyView, cancellationToken))![0];

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
