using Xunit.Abstractions;

namespace MultiCluster.EndToEnd.Tests.Cluster;

[Collection(ClusterCollection.Name)]
public sealed class ControllerFailureTests(SqliteCluster running, ITestOutputHelper output) : IClassFixture<SqliteCluster>
{
    private readonly ControllerFailures _failures = new(running, output);

    [Fact]
    public Task Each_controller_is_killed_in_turn_and_started_again() => _failures.KillEachAsync();

    [Fact]
    public Task Each_controller_leaves_in_turn_and_comes_back() => _failures.StopEachAsync();

    /// <summary>P7: whoever owned a route before, and does not know that it no longer does, does no harm.</summary>
    [Fact]
    public Task A_controller_that_stood_still_for_longer_than_its_lease_takes_no_route_back() => _failures.PauseOneAsync();
}

[Collection(ClusterCollection.Name)]
public sealed class ControllerFailureOnPostgreSqlTests(PostgreSqlCluster running, ITestOutputHelper output) : IClassFixture<PostgreSqlCluster>
{
    private readonly ControllerFailures _failures = new(running, output);

    [PostgreSqlFact]
    public Task Each_controller_is_killed_in_turn_and_started_again() => _failures.KillEachAsync();

    [PostgreSqlFact]
    public Task Each_controller_leaves_in_turn_and_comes_back() => _failures.StopEachAsync();

    [PostgreSqlFact]
    public Task A_controller_that_stood_still_for_longer_than_its_lease_takes_no_route_back() => _failures.PauseOneAsync();
}

/// <summary>Controllers that die, leave and stand still, one at a time, under traffic and changes.</summary>
internal sealed class ControllerFailures(RunningCluster running, ITestOutputHelper output)
{
    public Task KillEachAsync() => PlayAsync(async (cluster, churn) =>
    {
        output.WriteLine($"undisturbed: {(await churn.MoreAsync(3)).TotalMilliseconds:0} ms at most until a change was followed");
        foreach (var controller in cluster.Controllers)
        {
            var shards = await controller.ShardsAsync();
            await controller.KillAsync();
            output.WriteLine($"kill -9 of {controller.Name}, which owned {shards} shards: a change took {(await churn.MoreAsync(2)).TotalSeconds:0.00} s at most");
            controller.Start();
            await cluster.WhenReadyAsync(controller);
            output.WriteLine($"{controller.Name} is back: {(await churn.MoreAsync()).TotalSeconds:0.00} s at most");
        }
    });

    public Task StopEachAsync() => PlayAsync(async (cluster, churn) =>
    {
        foreach (var controller in cluster.Controllers)
        {
            var shards = await controller.ShardsAsync();
            var began = TimeProvider.System.GetTimestamp();
            await controller.StopAsync();
            var left = TimeProvider.System.GetElapsedTime(began);
            output.WriteLine(
                $"SIGTERM of {controller.Name}, which owned {shards} shards: gone after {left.TotalSeconds:0.00} s, a change took {(await churn.MoreAsync(2)).TotalSeconds:0.00} s at most");
            controller.Start();
            await cluster.WhenReadyAsync(controller);
            await churn.MoreAsync();
        }
    });

    public Task PauseOneAsync() => PlayAsync(async (cluster, churn) =>
    {
        var shards = new Dictionary<ClusterProgram, int>();
        foreach (var controller in cluster.Controllers)
            shards[controller] = await controller.ShardsAsync();
        var (paused, most) = shards.MaxBy(static item => item.Value);
        await paused.Process.PauseAsync();
        // Every service changes again only once others own all of them.
        output.WriteLine($"SIGSTOP of {paused.Name}, which owned {most} shards: a change took {(await churn.MoreAsync(2)).TotalSeconds:0.00} s at most");
        await churn.KeepOnAsync(ClusterSetting.LeaseTtl);
        await paused.Process.ContinueAsync();
        output.WriteLine($"SIGCONT: {(await churn.MoreAsync(5)).TotalSeconds:0.00} s at most");
    });

    private Task PlayAsync(Func<ControllerCluster, Churn, Task> play) => running.PlayAsync(output, play);
}
