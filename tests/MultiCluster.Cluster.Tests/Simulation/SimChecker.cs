using MultiCluster.Cluster.Membership;
using MultiCluster.Cluster.Sharding;

namespace MultiCluster.Cluster.Tests.Simulation;

/// <summary>What must hold at every moment, and what must hold once all has been well for a while.</summary>
internal sealed class SimChecker(SimCluster cluster)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan ExcuseTime = TimeSpan.FromSeconds(30);

    private readonly Dictionary<int, long> _highest = [];
    private TimeSpan? _settledSince;
    private int _step;

    /// <summary>An operator has declared a node dead that was not: until it notices, the store's fence is what holds.</summary>
    public TimeSpan OperatorActedAt { get; set; } = TimeSpan.FromDays(-1);

    /// <summary>An old backup of the store may hold leases that have ended since: until all have renewed, nothing is compared.</summary>
    public TimeSpan StoreRestoredAt { get; set; } = TimeSpan.FromDays(-1);

    /// <summary>Whether a node may be declared dead only for what it did or was done to it alone.</summary>
    public bool ExpectsNoNeedlessDeath { get; set; }

    public void Watch()
    {
        NoteTroubles();
        CheckWriters();
        if (_step++ % 5 == 0)
            CheckHandOffs();
        cluster.World.After(Step, Watch);
    }

    public void ShardStarted(SimNode node, int shard, long epoch)
    {
        if (_settledSince is { } since)
            cluster.World.Violate($"{node.Name} starts shard {shard} although nothing has happened since {since.TotalSeconds:f1}");
        // What an old backup of the store has forgotten those know who remember it: others may start below, until they hear of it.
        var known = StoreRestoredAt < TimeSpan.Zero ? _highest.GetValueOrDefault(shard) : node.Proxy.Visible.Values
            .Where(entry => ShardHash.ShardOf(entry.Key, cluster.Options.Shards) == shard).Select(static entry => entry.Version.Epoch).DefaultIfEmpty().Max();
        // One that it had before, and did not get rid of, is served on.
        if (epoch < known && !node.Had(shard, epoch) && Since(StoreRestoredAt) > TimeSpan.FromSeconds(10))
            cluster.World.Violate($"{node.Name} starts shard {shard} at epoch {epoch}, and {known} had been there");
        _highest[shard] = Math.Max(epoch, _highest.GetValueOrDefault(shard));
    }

    /// <summary>
    /// Others took a node for dead that is none. They may, if it stood still or could not reach the store; not because nobody could.
    /// </summary>
    public void DeclaredDead(SimNode node)
    {
        var excused = cluster.IsRecent($"node {node.Name}") || cluster.IsRecent("store") || Since(OperatorActedAt) < ExcuseTime || Since(StoreRestoredAt) < ExcuseTime;
        if (ExpectsNoNeedlessDeath && !excused && !node.IsLeaving)
            cluster.World.Violate($"{node.Name} was declared dead for no more than an outage of the store");
    }

    /// <summary>From here on no shard may move.</summary>
    public void ExpectNoMoves() => _settledSince = cluster.World.Now;

    public void CheckAtRest()
    {
        CheckOwners();
        CheckTables();
        CheckDeliveries();
        CheckWatchers();
        cluster.Mail.CheckAll();
        cluster.World.ThrowIfViolated();
    }

    private TimeSpan Since(TimeSpan time) => cluster.World.Now - time;

    private void NoteTroubles()
    {
        if (cluster.Leases.LossRate > 0 || cluster.Leases.LatencyFactor > 1)
            cluster.Trouble("store");
        foreach (var node in cluster.Running)
        {
            if (node.Life.IsPaused || cluster.Leases.CutOff.Contains(node.Name))
                cluster.Trouble($"node {node.Name}");
        }
    }

    /// <summary>At most one node may write for a shard. A paused one counts: it may be in the middle of a write.</summary>
    public void CheckWriters()
    {
        if (cluster.World.Now - OperatorActedAt < cluster.Options.LeaseTtl || cluster.World.Now - StoreRestoredAt < cluster.Options.LeaseTtl * 2)
            return;
        for (var shard = 0; shard < cluster.Options.Shards; shard++)
        {
            SimNode? writer = null;
            foreach (var node in cluster.Running)
            {
                if (!node.Node.Gate.MayWrite(shard))
                    continue;
                if (writer is not null)
                    cluster.World.Violate($"{writer.Name} and {node.Name} may both write for shard {shard}");
                writer = node;
            }
        }
    }

    private void CheckHandOffs()
    {
        foreach (var node in cluster.Running)
        {
            node.Node.Region.Tell(new ShardingProtocol.GetRegion(), new SimRef(message =>
            {
                if (message is not ShardingProtocol.RegionStatus status || node.IsLeaving)
                    return;
                var moving = status.Shards.Count(static shard => shard.Phase != nameof(HandOffPhase.None));
                if (moving > cluster.Options.MaxHandOffs)
                    cluster.World.Violate($"{node.Name} gives {moving} shards away at once, for balance alone");
            }));
        }
    }

    private void CheckOwners()
    {
        for (var shard = 0; shard < cluster.Options.Shards; shard++)
        {
            var owners = cluster.Running.Where(node => node.Node.Gate.MayWrite(shard)).Select(static node => node.Name).ToList();
            if (owners.Count != 1)
            {
                cluster.World.Violate($"shard {shard} is owned by {owners.Count} nodes: {string.Join(", ", owners)}");
                continue;
            }
            var running = cluster.Running.Where(node => node.Running.Contains(shard)).Select(static node => node.Name).ToList();
            if (running.Count != 1 || running[0] != owners[0])
                cluster.World.Violate($"shard {shard} is owned by {owners[0]} and runs on {string.Join(", ", running)}");
        }
        foreach (var node in cluster.Running)
        {
            if (node.View?.Nodes.Count(static view => view.State == NodeState.Up) != cluster.Running.Count)
                cluster.World.Violate($"{node.Name} does not see all nodes up");
        }
    }

    private void CheckTables()
    {
        var keys = cluster.Members.Keys.ToList();
        foreach (var node in cluster.Running)
        {
            if (!node.Proxy.IsReady)
                cluster.World.Violate($"{node.Name}'s table is not ready");
            if (!node.Proxy.IsWhole)
                cluster.World.Violate($"{node.Name}'s table is not whole, although every member is heard");
            var extra = node.Proxy.Visible.Keys.Except(keys, StringComparer.Ordinal).ToList();
            if (extra.Count > 0)
                cluster.World.Violate($"{node.Name} holds {string.Join(", ", extra)}, which no member has");
            foreach (var key in keys)
            {
                var expected = cluster.Members.Copies(key).ToList();
                if (!node.Proxy.Visible.TryGetValue(key, out var entry))
                    cluster.World.Violate($"{node.Name} lacks {key}, which exists: {string.Join(", ", expected)}");
                else if (!((SimFragment)entry.Payload!).Copies.SequenceEqual(expected))
                    cluster.World.Violate($"{node.Name} holds {key} {entry.Version} as {entry.Payload}, the members have {string.Join(", ", expected)}");
            }
        }
    }

    /// <summary>Each member that is there has one watcher, and a removed one none.</summary>
    private void CheckWatchers()
    {
        foreach (var member in cluster.Members.Names)
        {
            var watchers = cluster.Running.Where(node => node.Context.Watched.Contains(member)).Select(static node => node.Name).ToList();
            if (watchers.Count != (cluster.Members.IsRemoved(member) ? 0 : 1))
                cluster.World.Violate($"{member}{(cluster.Members.IsRemoved(member) ? ", which has been taken out," : "")} is watched by {watchers.Count} nodes: {string.Join(", ", watchers)}");
        }
    }

    private void CheckDeliveries()
    {
        var settled = 0;
        foreach (var member in cluster.Members.Present)
        {
            cluster.Running.First().Node.Region.Tell(
                new ShardingProtocol.ToEntity(SimNodeContext.SourceOf(member), new SimWatcher.GetSettled()),
                new SimRef(message => settled += message is true ? 1 : 0));
        }
        foreach (var node in cluster.Running)
        {
            node.Node.Region.Tell(new ShardingProtocol.GetRegion(), new SimRef(message =>
            {
                if (message is ShardingProtocol.RegionStatus { Held: > 0 } status)
                    cluster.World.Violate($"{status.Held} messages still wait on {node.Name}");
            }));
        }
        cluster.World.RunUntil(cluster.World.Now + TimeSpan.FromSeconds(1));
        if (settled != cluster.Members.Present.Count())
            cluster.World.Violate($"only {settled} of {cluster.Members.Present.Count()} sources know that all is published");
    }
}
