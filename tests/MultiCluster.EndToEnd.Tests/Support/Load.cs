using System.Collections.Concurrent;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>
/// Keep-alive clients that ask one URL over and over. A failed request is anything but a 200 of the service asked for. The
/// HTTP client retries once what a reused idle connection lost before any byte of the answer, and nothing else.
/// </summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly List<ProxyClient> _clients = [];
    private readonly List<Task> _runs = [];
    private readonly string _url;
    private readonly string _service;
    private long _done;

    private Load(string url, string service)
    {
        _url = url;
        _service = service;
    }

    public long Done => Interlocked.Read(ref _done);

    public IReadOnlyCollection<string> Failures => _failures;

    public static Load Start(Setting setting, string url, string service, int clients)
    {
        var load = new Load(url, service);
        for (var i = 0; i < clients; i++)
        {
            var client = new ProxyClient(setting.Http, setting.Https);
            load._clients.Add(client);
            load._runs.Add(Task.Run(() => load.RunAsync(client)));
        }

        return load;
    }

    /// <summary>Ends when as many more requests are through.</summary>
    public Task MoreAsync(int requests)
    {
        var goal = Done + requests;
        return Await.TrueAsync(() => Done >= goal, $"{requests} more requests of the load");
    }

    /// <summary>Ends the load and fails the test if any request failed.</summary>
    public async Task AssertNoneFailedAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_runs);
        Assert.True(_failures.IsEmpty, $"{_failures.Count} of {Done} requests failed: {string.Join("; ", _failures.Take(5))}");
        Assert.True(Done > 0, "no request was made");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_runs);
        _clients.ForEach(static client => client.Dispose());
        _stop.Dispose();
    }

    private async Task RunAsync(ProxyClient client)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var answer = await client.GetAsync(_url);
                if (answer.Service != _service)
                    _failures.Enqueue(answer.ToString());
            }
            catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
            {
                _failures.Enqueue(failure.InnerException?.Message ?? failure.Message);
            }

            Interlocked.Increment(ref _done);
        }
    }
}
