using System.Collections.Concurrent;
using System.Globalization;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;
using Xunit.Abstractions;

namespace MultiCluster.EndToEnd.Tests.Federation;

/// <summary>XT-23: a member whose endpoints all die at once, under traffic, in figures.</summary>
public sealed class MemberDeathTests(FederatedWorlds worlds, ITestOutputHelper output) : FederatedTest(worlds)
{
    private const string Url = "http://xt23d.test/";

    /// <summary>As <see cref="FederatedWorld.Times"/> has it.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private const int Fall = 2;

    /// <summary>
    /// For the first check after the death and the looking. Little enough that the checks of the product's own defaults, of which the third is 4 s after
    /// the first, would be found out.
    /// </summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(2.5);

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task XT_23_a_member_that_dies_whole_costs_no_request_once_its_checks_have_failed(HAProxyBinary binary)
    {
        var world = await WorldAsync(binary);
        var aws = await world.AddMortalsAsync("aws", "xt23d", "web", 3);
        await world.AddServiceAsync("xt23d", "web", ("gcp", 3));
        await world.ApplyToAllAsync(FederatedYaml.Ingress("xt23d", "web", "xt23d.test", "web", new Policy("cluster-weights", "aws=80,gcp=20")));
        await world.UntilSharesAsync(Url, ("aws", 80), ("gcp", 20));
        await Await.NothingMissingAsync(async () =>
        {
            var passed = await HAProxyFiles.PassedCheckAsync(world.Product.Setting.StateDirectory);
            return aws.Select(gate => $"{gate.Pod.Address}:{world.Pods.Port}").FirstOrDefault(pod => !passed.Contains(pod)) is { } pod ? $"a check of {pod} that has passed" : null;
        });

        var requests = new ConcurrentQueue<Request>();
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 4).Select(_ => Task.Run(() => AskUntilAsync(world, requests, stop.Token))).ToList();
        await Await.TrueAsync(() => requests.Count > 100, "requests before anybody dies");
        await using var machine = MachineLag.Start();
        var killed = TimeProvider.System.GetTimestamp();
        foreach (var pod in aws)
            await pod.KillAsync();
        var dead = aws.Select(gate => $" {gate.Pod.Address}:{world.Pods.Port}").ToList();
        await Await.NothingMissingAsync(async () =>
            (await world.ServersAsync()).FirstOrDefault(server => dead.Exists(pod => server.EndsWith(pod, StringComparison.Ordinal))) is { } server ? $"that HAProxy finds {server} down" : null);
        var detected = TimeProvider.System.GetTimestamp();
        var lag = await machine.StopAsync();
        await Await.TrueAsync(() => requests.Count(request => request.Began >= detected) > 500, "requests after the checks have failed");
        await stop.CancelAsync();
        await Task.WhenAll(load);

        var before = requests.Where(request => request.Began >= killed && request.Began < detected).ToList();
        var after = requests.Where(request => request.Began >= detected).ToList();
        var took = TimeProvider.System.GetElapsedTime(killed, detected);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"failover haproxy={binary.Version} checks={Interval.TotalMilliseconds}ms*{Fall} detected_ms={took.TotalMilliseconds:0} machine_lag_ms={lag.TotalMilliseconds:0} failed_before={Failed(before)}/{before.Count} failed_after={Failed(after)}/{after.Count}"));
        Assert.Equal(0, Failed(after));
        Assert.DoesNotContain(requests, request => request.Began < killed && !request.Succeeded && request.Ended < killed);

        // The first failure is not enough; the last is as soon as the checks allow, on a machine that is as late as this one.
        Assert.InRange(took, (Fall - 1) * Interval - TimeSpan.FromMilliseconds(50), Fall * Interval + Margin + lag);
    }

    private static int Failed(IEnumerable<Request> requests) => requests.Count(static request => !request.Succeeded);

    private static async Task AskUntilAsync(FederatedWorld world, ConcurrentQueue<Request> requests, CancellationToken stop)
    {
        using var client = new ProxyClient(world.Product.Setting.Http, world.Product.Setting.Https);
        while (!stop.IsCancellationRequested)
        {
            var began = TimeProvider.System.GetTimestamp();
            var answer = await client.GetAsync(Url);
            requests.Enqueue(new Request(began, TimeProvider.System.GetTimestamp(), answer.Echo is not null));
        }
    }

    private sealed record Request(long Began, long Ended, bool Succeeded);
}
