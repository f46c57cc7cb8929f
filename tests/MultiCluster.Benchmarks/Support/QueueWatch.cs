using System.Text.Json.Serialization;
using MultiCluster.Model.Admin;

namespace MultiCluster.Benchmarks.Support;

/// <summary>The most that waited in each kind of queue.</summary>
/// <param name="Mailbox">Of any actor.</param>
/// <param name="StoreEvents">For the database.</param>
/// <param name="StoreSnapshots">For the database.</param>
/// <param name="Session">Rows for a proxy in a process of its own; null where there is none.</param>
internal sealed record Queues(int Mailbox, int StoreEvents, int StoreSnapshots, int? Session)
{
    [JsonIgnore]
    public string FullestActor { get; init; } = "none";

    [JsonIgnore]
    public int Looks { get; init; }
}

/// <summary>Looks five times a second at what waits in all processes of the product, as their admin APIs show it.</summary>
internal sealed class QueueWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _stop = new();
    private readonly IReadOnlyList<AdminClient> _processes;
    private readonly Task _watching;
    private Queues _greatest = new(0, 0, 0, null);

    private QueueWatch(IReadOnlyList<AdminClient> processes)
    {
        _processes = processes;
        _watching = Task.Run(WatchAsync);
    }

    public static QueueWatch Start(IServedProduct product) => new(product.Processes);

    /// <exception cref="BenchException">Nobody could look.</exception>
    public async Task<Queues> EndAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        return _greatest.Looks > 0 ? _greatest : throw new BenchException("no queue could be looked at");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        try
        {
            do
            {
                foreach (var process in _processes)
                    await LookAsync(process, _stop.Token);
                _greatest = _greatest with { Looks = _greatest.Looks + 1 };
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The end.
        }
        catch (HttpRequestException e)
        {
            throw new BenchException($"the admin API does not say what waits: {e.Message}");
        }
    }

    private async Task LookAsync(AdminClient process, CancellationToken cancellationToken)
    {
        var fullest = Fullest(await process.ActorsAsync(cancellationToken));
        if (fullest.Mailbox > _greatest.Mailbox)
            _greatest = _greatest with { Mailbox = fullest.Mailbox, FullestActor = fullest.Path };
        // A proxy of its own has no cluster to tell of.
        if (await process.ClusterAsync(cancellationToken) is { Store: { } store })
        {
            _greatest = _greatest with
            {
                StoreEvents = Math.Max(_greatest.StoreEvents, store.QueuedEvents),
                StoreSnapshots = Math.Max(_greatest.StoreSnapshots, store.QueuedSnapshots),
            };
        }

        foreach (var remote in (await process.ProxiesAsync(cancellationToken)).Select(static proxy => proxy.Remote).OfType<RemoteProxyView>())
            _greatest = _greatest with { Session = Math.Max(_greatest.Session ?? 0, remote.Waiting) };
    }

    private static ActorView Fullest(ActorView actor) => actor.Children.Select(Fullest).Append(actor).MaxBy(static one => one.Mailbox)!;
}
