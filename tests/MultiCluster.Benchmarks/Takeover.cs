using System.Diagnostics;
using MultiCluster.Benchmarks.Support;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.Benchmarks;

/// <summary>
/// kill -9 of a controller that owns half of the shards, under traffic and changes of endpoints: until all are owned again. Then it comes
/// back, and is stopped as operators do.
/// </summary>
internal static class Takeover
{
    private const int Changing = 50;

    public static async Task<BenchLine> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        // Two entities each: an ingress and a backend.
        var routes = options.Number("routes", 1000);
        using var scratch = new Scratch();
        await using var cluster = await FakeCluster.StartAsync();
        using var pods = await Pods.StartAsync(scratch.Path, options.HAProxy, 16, cancellationToken);
        Objects.ApplyClass(cluster);
        for (var i = 0; i < routes; i++)
        {
            Objects.ApplyIngress(cluster, i);
            Objects.ApplyService(cluster, i);
            Objects.ApplySlice(cluster, i, pods.Port, ("pod-0", pods.Addresses[0]));
        }

        using var store = await Store.StartAsync(options.Text("store", "sqlite"), scratch.Path, cancellationToken);
        using var fleet = await Fleet.StartAsync(
            scratch.Path, options.HAProxy, controllers: 2, store.Configuration, $"bench {{ kubeconfig = \"{cluster.KubeConfigPath}\" }}", cancellationToken);
        await fleet.Admin.WhenAsync(view => view.Routes >= routes && view.DesiredVersion == view.AppliedVersion, $"{routes} routes", cancellationToken);
        await ClusterWaits.WhenSharedAsync(fleet, cancellationToken);
        using var traffic = Traffic.Start(fleet.Port, 4, 1000, [.. Enumerable.Range(0, routes).Select(static i => HttpProbe.Request(Objects.Host(i)))]);
        using var changes = new Changes(cluster, pods);

        var killed = Stopwatch.GetTimestamp();
        fleet.Kill(0);
        var owned = await ClusterWaits.WhenAsync(fleet.Controllers[1], OwnsAll, "all shards with the controller that is left", cancellationToken);
        var takeover = Stopwatch.GetElapsedTime(killed, owned);
        await changes.AssertAppliedAsync(fleet.Port, cancellationToken);

        fleet.StartController(0);
        await ClusterWaits.WhenSharedAsync(fleet, cancellationToken);
        var stopped = Stopwatch.GetTimestamp();
        var leaving = Task.Run(() => fleet.Stop(0), cancellationToken);
        var given = Stopwatch.GetElapsedTime(stopped, await ClusterWaits.WhenAsync(fleet.Controllers[1], OwnsAll, "all shards given away", cancellationToken));
        await leaving;
        await changes.AssertAppliedAsync(fleet.Port, cancellationToken);
        await Console.Error.WriteLineAsync(
            $"takeover {takeover.TotalSeconds:F2} s after kill -9, {given.TotalSeconds:F2} s after SIGTERM; {changes.Made} changes, none lost; {traffic.Done} requests");
        return new BenchLine("takeover", options.HAProxy.FullVersion)
        {
            Seconds = Math.Round(takeover.TotalSeconds, 2),
            LeaveSeconds = Math.Round(given.TotalSeconds, 2),
            FailedRequests = traffic.Failed,
            Reloads = await fleet.Admin.ReloadsAsync(cancellationToken),
            RssMib = fleet.Resident(),
        };
    }

    private static bool OwnsAll(Model.Admin.ClusterStateView view) =>
        view.Unowned.Count == 0 && view.Nodes.Any(node => node.IsSelf && node.Shards == view.Shards);

    /// <summary>Endpoints of some Services replaced all the time.</summary>
    private sealed class Changes : IDisposable
    {
        private readonly FakeCluster _cluster;
        private readonly Pods _pods;
        private readonly Thread _thread;
        private readonly Lock _gate = new();
        private readonly int[] _now = new int[Changing];
        private volatile bool _stop;

        public Changes(FakeCluster cluster, Pods pods)
        {
            _cluster = cluster;
            _pods = pods;
            _thread = new Thread(Run) { IsBackground = true };
            _thread.Start();
        }

        public int Made { get; private set; }

        /// <exception cref="BenchException">What is there now does not answer.</exception>
        public async Task AssertAppliedAsync(int port, CancellationToken cancellationToken)
        {
            // No change while looking, or what should be there would be another by then.
            using (_gate.EnterScope())
                Look(port, cancellationToken);
            await Task.CompletedTask;
        }

        public void Dispose()
        {
            _stop = true;
            _thread.Join();
        }

        private void Look(int port, CancellationToken cancellationToken)
        {
            using var probe = new HttpProbe(port);
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < Changing; i++)
            {
                var wanted = System.Text.Encoding.ASCII.GetBytes(_pods.Addresses[_now[i]]);
                while (probe.Ask(HttpProbe.Request(Objects.Host(i))) != 200 || !probe.Body.SequenceEqual(wanted))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(10))
                        throw new BenchException($"a change was lost: {Objects.Host(i)} should be answered by {_pods.Addresses[_now[i]]}");
                }
            }
        }

        private void Run()
        {
            using var never = new ManualResetEventSlim();
            for (var i = 0; !_stop; i = (i + 1) % Changing)
            {
                using (_gate.EnterScope())
                {
                    _now[i] = (_now[i] + 1) % _pods.Addresses.Count;
                    Objects.ApplySlice(_cluster, i, _pods.Port, ($"pod-{++Made}", _pods.Addresses[_now[i]]));
                }

                never.Wait(TimeSpan.FromMilliseconds(10));
            }
        }
    }
}
