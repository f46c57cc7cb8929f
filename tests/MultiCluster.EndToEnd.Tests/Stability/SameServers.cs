using MultiCluster.EndToEnd.Tests.Support;

namespace MultiCluster.EndToEnd.Tests.Stability;

/// <summary>Looks all the time at which servers HAProxy has, as it says itself: also a server that is gone for a moment is found out.</summary>
internal sealed class SameServers : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly FederatedWorld _world;
    private readonly IReadOnlyList<string> _wanted;
    private readonly Task _watching;
    private string? _other;
    private long _looks;

    private SameServers(FederatedWorld world, IReadOnlyList<string> wanted)
    {
        (_world, _wanted) = (world, wanted);
        _watching = Task.Run(WatchAsync);
    }

    /// <summary>From now on they have to stay as they are.</summary>
    public static async Task<SameServers> WatchAsync(FederatedWorld world) => new(world, await world.ServersAsync());

    /// <summary>Ends the watch, with a last look.</summary>
    public async Task AssertSameAsync()
    {
        await Await.TrueAsync(() => Interlocked.Read(ref _looks) > 0, "a look at HAProxy's servers");
        await _stop.CancelAsync();
        await _watching;
        await LookAsync();
        Assert.True(_other is null, _other);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested && _other is null)
        {
            await LookAsync();
            await Task.Delay(Interval, TimeProvider.System);
        }
    }

    private async Task LookAsync()
    {
        var now = await _world.ServersAsync();
        Interlocked.Increment(ref _looks);
        if (!now.SequenceEqual(_wanted))
            _other ??= $"HAProxy's servers changed: gone {string.Join(", ", _wanted.Except(now))}; new {string.Join(", ", now.Except(_wanted))}";
    }
}
