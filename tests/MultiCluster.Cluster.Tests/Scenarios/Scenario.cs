using MultiCluster.Cluster.Replication;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Cluster.Tests.Simulation;

namespace MultiCluster.Cluster.Tests.Scenarios;

/// <summary>A simulated cluster in the hands of one test. Every invariant of the random seeds is checked here, too.</summary>
internal sealed class Scenario : IDisposable
{
    public Scenario(int nodes, SimSettings? settings = null, int seed = 1)
    {
        Cluster = new SimCluster(seed, Faults.None, tracing: true, (settings ?? new SimSettings { Drift = 0 }) with { Nodes = nodes });
        Cluster.Checker.Watch();
        for (var node = 1; node <= nodes; node++)
        {
            Cluster.Start(SimCluster.NodeName(node));
            Run(0.2);
        }
    }

    public SimCluster Cluster { get; }

    public TimeSpan Now => Cluster.World.Now;

    public ClusterOptions Options => Cluster.Options;

    /// <summary>Nodes up, all shards owned, tables ready: where most tests begin.</summary>
    public static Scenario AtRest(int nodes, SimSettings? settings = null)
    {
        var scenario = new Scenario(nodes, settings);
        scenario.Run(25);
        scenario.CheckAtRest();
        return scenario;
    }

    public SimNode Node(int number) =>
        Cluster.Find(SimCluster.NodeName(number)) ?? throw new InvalidOperationException($"node {number} does not run");

    public void Run(double seconds) => Guard(() => Cluster.World.RunUntil(Now + TimeSpan.FromSeconds(seconds)));

    /// <returns>How long it took.</returns>
    public TimeSpan RunUntil(Func<bool> holds, double withinSeconds, string what)
    {
        var began = Now;
        while (!holds())
        {
            Assert.True(Now - began < TimeSpan.FromSeconds(withinSeconds), $"not within {withinSeconds} s: {what}\n{Trace()}");
            Run(0.01);
        }
        return Now - began;
    }

    public void CheckAtRest() => Guard(Cluster.Checker.CheckAtRest);

    public IReadOnlyList<int> Owned(int node) =>
        Cluster.Find(SimCluster.NodeName(node)) is { } running ? [.. Enumerable.Range(0, Options.Shards).Where(shard => running.Node.Gate.MayWrite(shard))] : [];

    public bool AllOwned(params int[] nodes) => nodes.Sum(node => Owned(node).Count) == Options.Shards;

    public int StartsSoFar() => Cluster.Running.Sum(static node => node.ShardsStarted);

    /// <summary>A letter to a key, sent on a node.</summary>
    public Letter Send(int node, string key)
    {
        var letter = Cluster.Mail.Write();
        Node(node).Node.Region.Tell(new ShardingProtocol.ToEntity(key, letter));
        return letter;
    }

    public TableEntry? Held(int node, string key) => Node(node).Proxy.Visible.GetValueOrDefault(key);

    public int ShardOf(string key) => ShardHash.ShardOf(key, Options.Shards);

    public int OwnerOf(string key) => Enumerable.Range(1, Cluster.Settings.Nodes).Single(node => Owned(node).Contains(ShardOf(key)));

    public void Dispose()
    {
        // Otherwise what was found would be hidden by that nothing goes on.
        if (Cluster.World.Violation is null)
            Cluster.Dispose();
    }

    public string Trace() => string.Join('\n', Cluster.World.Trace.TakeLast(60));

    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (InvariantException e)
        {
            Assert.Fail($"{e.Message}\n{Trace()}");
        }
    }
}
