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
/// tells when that is; the same transcript is then replayed raw against a fresh HAProxy.
/// </summary>
internal sealed class Endpoints(FakeCluster cluster, SliceTranscript transcript, int slices)
{
    private const int PodsPerSlice = 3;
    private const int PodPort = 8080;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly int[] _rounds = new int[slices];

    public static async Task<BenchLine> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var (slices, changes) = (options.Number("slices", 400), options.Number("changes", 60_000));
        using var scratch = new Scratch();
        await using var cluster = await FakeCluster.StartAsync();
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
        var raw = await RawReplay.RunAsync(options.HAProxy, config.StateDirectory, replica, transcript.Commands, cancellationToken);
        var rate = changes / seconds;
        await Console.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{transcript.Commands.Count} commands for {changes} changes of {slices} slices; raw replay {raw:F2} s, {changes / raw:F0} changes/s"));
        return new BenchLine("endpoints", options.HAProxy.FullVersion)
        {
            RatePerS = Math.Round(rate),
            Ratio = Math.Round(raw / seconds, 3),
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
                var started = Stopwatch.GetTimestamp();
                await DriveAsync(changes, cancellationToken);
                var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
                transcript.StopRecording();
                return (seconds, (await admin.ProxyAsync(cancellationToken)).ReloadsByReason.Values.Sum());
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
