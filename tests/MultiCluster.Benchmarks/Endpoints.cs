using System.Diagnostics;
using System.Globalization;
using MultiCluster.Benchmarks.Support;
using MultiCluster.Host;
using MultiCluster.Host.Configuration;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.Benchmarks;

/// <summary>
/// Endpoint changes as fast as they are applied: each slice event replaces one address, and the next one of a slice is sent
/// when HAProxy has confirmed the last command of the one before. The product runs in this process, so that its transcript
/// tells when that is; the same transcript is then replayed raw against a fresh HAProxy. Of both the fastest of three rounds counts.
/// </summary>
internal sealed class Endpoints(FakeCluster cluster, SliceTranscript transcript, int slices)
{
    private const int PodsPerSlice = 3;
    private const int PodPort = 8080;

    /// <summary>The API server is in this process, and the collector has to do with what it keeps.</summary>
    private const int WatchHistory = 500;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly int[] _rounds = new int[slices];

    public static async Task<BenchLine> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var (slices, changes) = (options.Number("slices", 400), options.Number("changes", 25_000));
        using var scratch = new Scratch();
        await using var cluster = await FakeCluster.StartAsync(new FakeClusterOptions { History = WatchHistory });
        Objects.ApplyClass(cluster);
        var transcript = new SliceTranscript(slices);
        var run = new Endpoints(cluster, transcript, slices);
        for (var i = 0; i < slices; i++)
        {
            Objects.ApplyIngress(cluster, i);
            Objects.ApplyService(cluster, i);
            run.Send(i);
        }

        var config = new ProductConfig(scratch.Path, options.HAProxy.Path, cluster.KubeConfigPath, "log { level = warn }");
        var replica = Path.Combine(scratch.Path, "replica");
        var (seconds, reloads) = await run.ChangeAsync(config, replica, changes, cancellationToken);
        var raw = await RawReplay.RunAsync(options.HAProxy, config.StateDirectory, replica, transcript, cancellationToken);
        var rate = changes / seconds;
        var rawRate = RawReplay.Rounds * changes / raw;
        await Console.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{transcript.CommandCount} commands for {RawReplay.Rounds * changes} changes of {slices} slices; raw replay {raw:F2} s, {rawRate:F0} changes/s"));
        return new BenchLine("endpoints", options.HAProxy.FullVersion)
        {
            RatePerS = Math.Round(rate),
            Ratio = Math.Round(rate / rawRate, 3),
            Reloads = reloads,
            Seconds = Math.Round(seconds, 2),
        };
    }

    private async Task<(double Seconds, long Reloads)> ChangeAsync(ProductConfig config, string replica, int changes, CancellationToken cancellationToken)
    {
        var (host, error) = await ControllerHost.StartAsync(
            HostConfiguration.Load(config.File, Environment.GetEnvironmentVariable), TimeProvider.System, transcript, cancellationToken);
        if (host is null)
            throw new BenchException(error!);
        await using (host)
        {
            try
            {
                using var admin = new AdminClient(config.AdminPort);
                await admin.WhenAsync(view => view.Servers == slices * PodsPerSlice && view.AppliedVersion == view.DesiredVersion && view.StartFileVersion == view.DesiredVersion, "the first table", cancellationToken);
                await WarmUpAsync(cancellationToken);
                await admin.WhenAsync(view => view.StartFileVersion == view.DesiredVersion, "the start file", cancellationToken);
                RawReplay.CopyStartFile(config.StateDirectory, replica);
                transcript.StartRecording();
                var (allocated, collections, pauses) = (GC.GetTotalAllocatedBytes(), GC.CollectionCount(0), GC.GetTotalPauseDuration());
                var fastest = double.MaxValue;
                for (var round = 0; round < RawReplay.Rounds; round++)
                {
                    var started = Stopwatch.GetTimestamp();
                    await DriveAsync(changes, cancellationToken);
                    fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(started).TotalSeconds);
                }

                await Console.Error.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"allocated {(GC.GetTotalAllocatedBytes() - allocated) / (RawReplay.Rounds * changes):N0} bytes per change (API server and product); {GC.CollectionCount(0) - collections} collections, {(GC.GetTotalPauseDuration() - pauses).TotalSeconds:F2} s of pauses"));
                transcript.StopRecording();
                return (fastest, (await admin.ProxyAsync(cancellationToken)).ReloadsByReason.Values.Sum());
            }
            finally
            {
                config.StopHAProxy();
            }
        }
    }

    /// <summary>Code that runs for hours is compiled; a start is measured elsewhere. Also shows the backend of each slice.</summary>
    private Task WarmUpAsync(CancellationToken cancellationToken) => DriveAsync(slices * 20, cancellationToken);

    private async Task DriveAsync(int changes, CancellationToken cancellationToken)
    {
        var sent = Math.Min(slices, changes);
        for (var i = 0; i < sent; i++)
            Send(i);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        for (var applied = 0; applied < changes; applied++)
        {
            if (!transcript.Applied.TryRead(out var slice))
            {
                deadline.CancelAfter(Deadline);
                slice = await transcript.Applied.ReadAsync(deadline.Token);
            }

            if (sent == changes)
                continue;
            sent++;
            Send(slice);
        }
    }

    /// <summary>Pods of round r are r, r+1, r+2: each round one goes and one comes.</summary>
    private void Send(int slice)
    {
        var round = _rounds[slice]++;
        Objects.ApplySlice(cluster, slice, PodPort, Pod(slice, round), Pod(slice, round + 1), Pod(slice, round + 2));
    }

    private (string Pod, string Address) Pod(int slice, int number) => (
        string.Create(CultureInfo.InvariantCulture, $"{Objects.Name(slice)}-{number}"),
        SliceTranscript.Address(slice + (slices * number)));
}
