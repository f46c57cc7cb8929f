using System.Diagnostics;
using System.Globalization;
using System.Net;
using MultiCluster.Benchmarks.Support;
using MultiCluster.Model.Identity;
using MultiCluster.TestKit.FakeApiServer;
using MultiCluster.TestKit.Network;

namespace MultiCluster.Benchmarks;

/// <summary>
/// CPU of a request under a policy, as data of our program and as lines written by hand into a configuration with one route. One thread each, the
/// same pods; the two of a policy take turns.
/// </summary>
internal static class Policies
{
    private const string Last = "six";

    public static async Task<BenchLine> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var (routes, rounds, seconds) = (options.Number("routes", 1000), options.Number("rounds", 5), options.Number("seconds", 1));
        var filters = options.Number("filters", 0) > 0;
        using var scratch = new Scratch();
        await using var cluster = await FakeCluster.StartAsync();
        await using var agent = SpopAgent.Start(new IPEndPoint(IPAddress.Loopback, 0), static _ => ("code", 0));
        var address = MachineAddress.Find()?.ToString();
        using var pods = await Pods.StartAsync(scratch.Path, options.HAProxy, 1, address is null ? [] : [address], cancellationToken);
        var kinds = Kinds(address, pods.Port, filters, options.HAProxy.Version);
        var share = routes / kinds.Count;
        var all = Fill(cluster, kinds, share, pods);
        var started = Stopwatch.GetTimestamp();
        using var product = await Product.StartAsync(new ProductConfig(scratch.Path, options.HAProxy.Path, cluster.KubeConfigPath, Settings(filters, agent)), scratch.Path, cancellationToken);
        await product.Admin.WhenAsync(view => view.Routes == all && view.AppliedVersion == view.DesiredVersion, $"{all} routes", cancellationToken);
        var worker = (await product.Admin.ProxyAsync(cancellationToken)).WorkerPid;
        using var wrk = new Wrk(scratch.Path, seconds);
        var (ratios, costs, rate, failed) = (new Dictionary<string, double>(), new Dictionary<string, double>(), 0.0, 0L);
        for (var i = 0; i < kinds.Count; i++)
        {
            var kind = kinds[i];
            var ours = Target(kind, product.Port, worker, share, i * share);
            using var reference = kind.Lines is null ? null : await PolicyByHand.StartAsync(scratch.Path, options.HAProxy, kind, Objects.Host(i * share), pods, cancellationToken);
            LoadTarget[] targets = reference is null ? [ours] : [ours, Target(kind, reference.Port, reference.Process.Id, 1, i * share)];
            await wrk.SeparateAsync(targets, pods.ProcessId, cancellationToken);
            for (var round = 0; round < rounds; round++)
            {
                foreach (var target in targets)
                    await wrk.LoadAsync(target, cancellationToken);
            }

            failed += targets.Sum(static target => target.Failed);
            costs[kind.Name] = Math.Round(ours.Cpu, 1);
            if (reference is not null)
                ratios[kind.Name] = Math.Round(targets[1].Cpu / ours.Cpu, 2);
            if (kind.Name == Last)
                rate = ours.Rate;
            await Console.Error.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{kind.Name}: {ours.Cpu:F1} µs of CPU a request{(reference is null ? "" : $", {targets[1].Cpu:F1} by hand; ratio {ratios[kind.Name]:F2}")}{(targets.Any(static target => target.Failed > 0) ? "; FAILED REQUESTS" : "")}"));
        }

        return new BenchLine("policies", options.HAProxy.FullVersion)
        {
            RatePerS = Math.Round(rate),
            Ratio = ratios[Last],
            Ratios = ratios,
            CpuUs = costs,
            FailedRequests = failed,
            Reloads = await product.Admin.ReloadsAsync(cancellationToken),
            Seconds = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 1),
        };
    }

    private static LoadTarget Target(PolicyKind kind, int port, int worker, int hosts, int first) =>
        new(kind.Name, port, worker, hosts, first) { Path = kind.Path, Headers = kind.Headers };

    private static IReadOnlyList<PolicyKind> Kinds(string? address, int port, bool filters, string version) =>
    [
        .. PolicyKind.All,
        .. address is null ? Array.Empty<PolicyKind>() : [PolicyKind.ExternalAuth(address, port)],
        .. filters ? [PolicyKind.Firewall] : Array.Empty<PolicyKind>(),
        .. filters && Version.Parse(version) >= new Version(3, 0) ? [PolicyKind.Bandwidth] : Array.Empty<PolicyKind>(),
    ];

    private static string Settings(bool filters, SpopAgent agent) => filters
        ? $"haproxy {{ threads = 1, bandwidth-limits = true, waf {{ endpoints = [\"{agent.Address}\"] }} }}"
        : "haproxy { threads = 1 }";

    /// <summary>Ingresses of one kind stand side by side.</summary>
    /// <returns>How many routes there are in all.</returns>
    private static int Fill(FakeCluster cluster, IReadOnlyList<PolicyKind> kinds, int share, Pods pods)
    {
        Objects.ApplyClass(cluster);
        for (var service = 0; service < 2; service++)
        {
            Objects.ApplyService(cluster, service);
            Objects.ApplySlice(cluster, service, pods.Port, (Objects.Name(service) + "-a", pods.Addresses[0]));
        }

        foreach (var secret in kinds.Select(static kind => kind.Secret).OfType<(string Name, string Key, string Value)>())
            Objects.ApplySecret(cluster, secret.Name, secret.Key, secret.Value);
        for (var i = 0; i < share * kinds.Count; i++)
        {
            var kind = kinds[i / share];
            Objects.ApplyIngress(cluster, Objects.Key(i), Objects.Host(i), Objects.Name(0), kind.Annotations, [.. kind.Paths]);
            if (kind.Canary is { } canary)
                Objects.ApplyIngress(cluster, new ObjectKey(Objects.Namespace, Objects.Name(i) + "-canary"), Objects.Host(i), Objects.Name(1), canary, [.. kind.Paths]);
        }

        return kinds.Sum(kind => kind.Paths.Count) * share;
    }
}
