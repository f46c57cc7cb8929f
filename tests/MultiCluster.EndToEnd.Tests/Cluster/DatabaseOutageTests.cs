using System.Globalization;
using System.Net.Sockets;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;
using Xunit.Abstractions;

namespace MultiCluster.EndToEnd.Tests.Cluster;

/// <summary>The database goes away during changes (P4), and what it was told then outlives a restart without members (P3).</summary>
[Collection(ClusterCollection.Name)]
public sealed class DatabaseOutageTests(ITestOutputHelper output)
{
    /// <summary>Longer than any lease by default.</summary>
    private static readonly TimeSpan Outage =
        int.TryParse(Environment.GetEnvironmentVariable("MULTICLUSTER_OUTAGE_SECONDS"), CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : ClusterSetting.LeaseTtl + TimeSpan.FromSeconds(3);

    [Fact]
    public Task Changes_go_on_without_SQLite_and_outlive_a_restart_without_members() => PlayAsync(DatabaseKind.Sqlite);

    [PostgreSqlFact]
    public Task Changes_go_on_without_PostgreSQL_and_outlive_a_restart_without_members() => PlayAsync(DatabaseKind.PostgreSql);

    private async Task PlayAsync(DatabaseKind database)
    {
        await using var cluster = await ControllerCluster.StartAsync(new ClusterSetting(HAProxyBinaries.Default, database));
        await using var churn = Churn.Start(cluster);
        await churn.MoreAsync();
        await cluster.UntilSpreadAsync();

        await cluster.Database.StopAsync();
        output.WriteLine($"{database} away for {Outage.TotalSeconds:0} s: a change took {(await churn.KeepOnAsync(Outage)).TotalSeconds:0.00} s at most");
        // What changed then must outlive the restart below without having changed again.
        await churn.StopAsync();
        await cluster.Database.StartAsync();
        var back = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(cluster.Controllers.Select(WhenStoredAsync));
        output.WriteLine($"{database} is back: all is written down after {TimeProvider.System.GetElapsedTime(back).TotalSeconds:0.00} s");

        await RestartWithoutMembersAsync(cluster);
        output.WriteLine($"{churn.Changes} changes, {await cluster.AssertUndisturbedAsync()} requests, 0 failed, 0 reloads");
    }

    private static Task WhenStoredAsync(ClusterProgram controller) => Await.NothingMissingAsync(async () =>
        (await controller.Process.ClusterAsync()).Store is { QueuedEvents: 0, QueuedSnapshots: 0 } ? null : $"everything of {controller.Name} in the database");

    private async Task RestartWithoutMembersAsync(ControllerCluster cluster)
    {
        await Task.WhenAll(cluster.Controllers.Select(static controller => controller.StopAsync()));
        foreach (var member in cluster.Members)
            await member.Cluster.PauseAsync();

        var began = TimeProvider.System.GetTimestamp();
        var fresh = cluster.AddProxy("p9");
        foreach (var program in cluster.Controllers.Append(fresh))
            program.Start();
        await FirstAnswersAreWholeAsync(cluster, fresh);
        output.WriteLine($"all controllers and a new proxy started without members: whole after {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s");
        await cluster.WhenReadyAsync(cluster.Controllers);
        Assert.Contains("degraded", await cluster.Controllers[0].Process.ReadinessAsync(), StringComparison.Ordinal);
        await cluster.UntilCurrentPodsAsync(cluster.Proxies);

        foreach (var member in cluster.Members)
            await member.Cluster.ResumeAsync();
        await cluster.StartLoadsAsync();
        await using var churn = Churn.Start(cluster);
        await churn.MoreAsync();
        await churn.StopAsync();
        await cluster.UntilCurrentPodsAsync(cluster.Proxies);
    }

    /// <summary>A HAProxy that had nothing: from the first connection that it takes it has every route and every server.</summary>
    private static async Task FirstAnswersAreWholeAsync(ControllerCluster cluster, ClusterProxy proxy)
    {
        await Await.NothingMissingAsync(async () =>
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(proxy.Http);
                return null;
            }
            catch (SocketException refused)
            {
                return $"the HAProxy of {proxy.Name}: {refused.Message}\n{proxy.Tail(40)}";
            }
        });
        using var client = proxy.NewClient();
        foreach (var service in cluster.Services)
        {
            if (await ControllerCluster.DifferenceAsync(client, service) is { } what)
                throw cluster.WithLogs(new InvalidOperationException($"the first answers of {proxy.Name}: {what}"));
        }
    }
}
