using MultiCluster.EndToEnd.Tests.Support;

namespace MultiCluster.EndToEnd.Tests.Cluster;

/// <summary>
/// Pods of every service are replaced all the time, one after the other: each once every proxy has been seen to send requests to the one
/// before, and to the one before that no more.
/// </summary>
internal sealed class Churn : IAsyncDisposable
{
    /// <summary>Answers in a row without the old pod that say it is gone: two servers take turns.</summary>
    private const int Proof = 12;

    private static readonly TimeSpan BetweenChanges = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly ControllerCluster _cluster;
    private readonly Progress[] _progress;
    private readonly List<Task> _runs = [];

    private Churn(ControllerCluster cluster)
    {
        _cluster = cluster;
        _progress = [.. cluster.Services.Select(static _ => new Progress())];
    }

    public int Changes => _progress.Sum(static progress => progress.Count);

    public static Churn Start(ControllerCluster cluster)
    {
        var churn = new Churn(cluster);
        for (var i = 0; i < cluster.Services.Count; i++)
        {
            var (service, progress) = (cluster.Services[i], churn._progress[i]);
            churn._runs.Add(Task.Run(() => churn.RunAsync(service, progress)));
        }

        return churn;
    }

    /// <summary>Ends when each service has changed so often that every proxy has followed changes which began after this call.</summary>
    /// <returns>The longest that one of them took: from the member's object to the last proxy's answers.</returns>
    public async Task<TimeSpan> MoreAsync(int changes = 1)
    {
        var from = _progress.Select(static progress => progress.Count).ToList();
        try
        {
            await Await.NothingMissingAsync(async () =>
            {
                foreach (var run in _runs.Where(static run => run.IsFaulted))
                    await run;
                var behind = Enumerable.Range(0, from.Count).Where(i => _progress[i].Count <= from[i] + changes).ToList();
                return behind.Count == 0 ? null : string.Join("; ", behind.Select(i => $"{_cluster.Services[i].Name}: {_progress[i].Missing}"));
            });
        }
        catch (Xunit.Sdk.XunitException late)
        {
            throw _cluster.WithLogs(late);
        }

        return Enumerable.Range(0, from.Count).Max(i => _progress[i].LongestSince(from[i]));
    }

    /// <summary>Changes that come through all the time, for so long.</summary>
    public async Task<TimeSpan> KeepOnAsync(TimeSpan duration)
    {
        var began = TimeProvider.System.GetTimestamp();
        var longest = TimeSpan.Zero;
        do
        {
            if (await MoreAsync() is var took && took > longest)
                longest = took;
        }
        while (TimeProvider.System.GetElapsedTime(began) < duration);
        return longest;
    }

    /// <summary>No more changes; those under way come through before this ends.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await Task.WhenAll(_runs).WaitAsync(Await.Deadline, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            throw _cluster.WithLogs(new TimeoutException(string.Join("; ", _progress.Select(static progress => progress.Missing))));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var progress in _progress)
            progress.Abandon();
        await Task.WhenAll(_runs);
        _stop.Dispose();
    }

    private async Task RunAsync(ChangingService service, Progress progress)
    {
        for (var i = 0; !_stop.IsCancellationRequested && !progress.IsAbandoned; i++)
        {
            var member = _cluster.Members[i % _cluster.Members.Count];
            var began = TimeProvider.System.GetTimestamp();
            var (fresh, gone) = await service.ReplaceAsync(member, _cluster.Gone.MayComeBack);
            await Task.WhenAll(_cluster.Loads.Keys.Select(proxy => UntilFollowedAsync(proxy, service.Target, fresh, gone, progress)));
            progress.Done(TimeProvider.System.GetElapsedTime(began));
            await Task.Delay(BetweenChanges, TimeProvider.System);
        }
    }

    private async Task UntilFollowedAsync(ClusterProxy proxy, Target target, Pod fresh, Pod gone, Progress progress)
    {
        using var client = proxy.NewClient();
        var (row, seen) = (0, false);
        while (!progress.IsAbandoned && (row < Proof || !seen))
        {
            var answer = await _cluster.Loads[proxy].AskAsync(client, target);
            var old = answer is null || answer.Pod == gone.Name;
            (row, seen) = old ? (0, false) : (row + 1, seen || answer!.Pod == fresh.Name);
            progress.Missing = $"{fresh.Name} on {proxy.Name} instead of {gone.Name}";
            if (old || row >= Proof)
                await Task.Delay(BetweenLooks, TimeProvider.System);
        }

        if (!progress.IsAbandoned)
            _cluster.Gone.Left(proxy, gone);
    }

    private sealed class Progress
    {
        private readonly Lock _lock = new();
        private readonly List<TimeSpan> _took = [];

        public string Missing { get; set; } = "nothing yet";

        public bool IsAbandoned { get; private set; }

        public int Count
        {
            get
            {
                lock (_lock)
                    return _took.Count;
            }
        }

        public void Abandon() => IsAbandoned = true;

        public void Done(TimeSpan took)
        {
            lock (_lock)
                _took.Add(took);
        }

        public TimeSpan LongestSince(int index)
        {
            lock (_lock)
                return _took.Skip(index).Max();
        }
    }
}
