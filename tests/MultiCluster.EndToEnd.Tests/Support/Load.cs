using System.Collections.Concurrent;
using System.Net;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <param name="Service">That has to answer; empty for any.</param>
internal sealed record Target(string Url, string Service);

/// <summary>
/// Keep-alive clients that ask the same URLs over and over. A failed request is anything but a 200 of the service asked for, and what
/// else the test objects to. The HTTP client retries once what a reused idle connection lost before any byte of the answer, and nothing else.
/// </summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly List<ProxyClient> _clients = [];
    private readonly List<Task> _runs = [];
    private readonly LoadOptions _options;
    private long _done;

    private Load(LoadOptions options) => _options = options;

    public long Done => Interlocked.Read(ref _done);

    public IReadOnlyCollection<string> Failures => _failures;

    public static Load Start(Setting setting, string url, string service, int clients) =>
        Start(setting.Http, setting.Https, new LoadOptions([new Target(url, service)], clients));

    public static Load Start(IPEndPoint http, IPEndPoint https, LoadOptions options)
    {
        var load = new Load(options);
        for (var i = 0; i < options.Clients; i++)
        {
            var client = new ProxyClient(http, https);
            load._clients.Add(client);
            load._runs.Add(Task.Run(() => load.RunAsync(client)));
        }

        return load;
    }

    /// <summary>A request that counts like the others.</summary>
    /// <returns>Null when it failed.</returns>
    public async Task<EchoAnswer?> AskAsync(ProxyClient client, Target target)
    {
        var began = TimeProvider.System.GetTimestamp();
        try
        {
            var answer = await client.GetAsync(target.Url);
            var objection = answer.Echo is null || (target.Service.Length > 0 && answer.Service != target.Service) ? answer.ToString() : _options.Objection?.Invoke(answer, began);
            if (objection is null)
                return answer.Echo;
            Fail(target, objection);
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            Fail(target, failure.InnerException?.Message ?? failure.Message);
        }
        finally
        {
            Interlocked.Increment(ref _done);
        }

        return null;
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
        for (var i = 0; !_stop.IsCancellationRequested; i++)
        {
            await AskAsync(client, _options.Targets[i % _options.Targets.Count]);
            if (_options.Pause > TimeSpan.Zero)
                await Task.Delay(_options.Pause, TimeProvider.System);
        }
    }

    private void Fail(Target target, string reason) =>
        _failures.Enqueue($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {target.Url} -> {reason}");
}

/// <param name="Targets">Asked for in turn by each client.</param>
internal sealed record LoadOptions(IReadOnlyList<Target> Targets, int Clients)
{
    /// <summary>Of a client, between two requests. A load without any would take the cores from what it watches.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>What else is wrong with an answer to a request that began then; null for nothing. From any thread.</summary>
    public Func<Answer, long, string?>? Objection { get; init; }
}
