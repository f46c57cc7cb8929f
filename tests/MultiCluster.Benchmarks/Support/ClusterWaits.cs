using System.Diagnostics;
using MultiCluster.Model.Admin;

namespace MultiCluster.Benchmarks.Support;

/// <summary>Waits for states of a cluster of controllers.</summary>
internal static class ClusterWaits
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    /// <summary>All controllers own some shards, and none is free.</summary>
    public static Task WhenSharedAsync(Fleet fleet, CancellationToken cancellationToken) => WhenAsync(
        fleet.Controllers[0],
        view => view.Unowned.Count == 0 && view.Nodes.Count(node => node.Shards >= view.Shards / fleet.Controllers.Count * 2 / 3) == fleet.Controllers.Count,
        "shards shared among all controllers",
        cancellationToken);

    /// <returns>When it came true, by Stopwatch.</returns>
    public static async Task<long> WhenAsync(AdminClient controller, Func<ClusterStateView, bool> condition, string what, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var view = await controller.ClusterAsync(cancellationToken);
            if (view is not null && view.Shards > 0 && condition(view))
                return Stopwatch.GetTimestamp();
            if (Stopwatch.GetElapsedTime(started) > Deadline)
                throw new BenchException($"{what}: not within {Deadline.TotalSeconds} s; the cluster is {view}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        }
    }
}
