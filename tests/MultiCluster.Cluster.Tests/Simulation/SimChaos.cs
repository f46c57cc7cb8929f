using MultiCluster.Cluster.Membership;
using MultiCluster.Cluster.Sharding;

namespace MultiCluster.Cluster.Tests.Simulation;

/// <summary>A seed's troubles: which, when and for how long.</summary>
internal sealed class SimChaos(SimCluster cluster)
{
    private SimWorld World => cluster.World;

    /// <summary>Plans everything that happens up to <paramref name="until"/> seconds.</summary>
    public void Plan(double from, double until)
    {
        var troubles = World.Random.Next(2, 9);
        for (var i = 0; i < troubles; i++)
            World.After(World.Between(from, until), PickTrouble(until));
        var changes = World.Random.Next(10, 60);
        for (var i = 0; i < changes; i++)
            World.After(World.Between(0.5, until), ChangeSomething);
        for (var i = 0; i < 60; i++)
            World.After(World.Between(1, until + 5), SendLetter);
        PlanRemoval(until);
        cluster.Network.DuplicateRate = World.Chance(0.5) ? 0.02 : 0;
        cluster.Network.ReorderRate = World.Chance(0.5) ? 0.05 : 0;
        cluster.Network.LossRate = World.Chance(0.3) ? 0.03 : 0;
        cluster.Leases.LossRate = World.Chance(0.3) ? 0.1 : 0;
        cluster.Journal.LossRate = World.Chance(0.5) ? 0.3 : 0;
        cluster.Journal.SlowestWrite = World.Chance(0.3) ? 8 : 0.5;
        if (cluster.Network.LossRate > 0)
            Keep("network", until);
        if (cluster.Leases.LossRate > 0)
            Keep("leases", until);
    }

    private Action PickTrouble(double until) => World.Random.Next(17) switch
    {
        0 or 1 or 2 => CrashSomebody,
        3 or 4 => PauseSomebody,
        5 => CutNetwork,
        6 => () => StoreOutage(World.Between(1, 12)),
        7 => CutOffFromStore,
        8 => () => JournalOutage(World.Between(1, 15)),
        9 => RestoreJournal,
        10 => LeaveAndComeBack,
        11 => () => MemberUnreachable(World.Between(1, 15)),
        12 => RestoreStore,
        13 => DownSomebody,
        14 => () => StoreSlow(World.Between(1, 12)),
        _ => () => PoisonSomebody(until),
    };

    /// <summary>With numbers of its own, so that the other seeds go on as before there was such a thing.</summary>
    private void PlanRemoval(double until)
    {
        var numbers = new Random(World.Seed * 31);
        if (cluster.Members.Names.Count < 2 || numbers.NextDouble() < 0.7)
            return;
        var member = cluster.Members.Names.ElementAt(numbers.Next(cluster.Members.Names.Count));
        World.After(TimeSpan.FromSeconds(2 + (numbers.NextDouble() * (until - 2))), () => cluster.RemoveMember(member));
    }

    private string? Somebody() => cluster.Running.Count == 0 ? null : World.Pick(cluster.Running.ToList()).Name;

    private void ChangeSomething()
    {
        var member = World.Pick(cluster.Members.Names.ToList());
        var key = SimCluster.Key(World.Random.Next(1, cluster.Settings.Keys + 3));
        if (World.Chance(0.4))
            cluster.Members.Delete(member, key);
        else
            cluster.Members.Set(member, key);
    }

    private void SendLetter()
    {
        if (Somebody() is not { } name || cluster.Find(name) is not { } node)
            return;
        var key = SimCluster.Key(World.Random.Next(1, cluster.Settings.Keys + 3));
        node.Life.Post(() =>
        {
            var letter = cluster.Mail.Write();
            World.Note($"letter {letter.Number} to {key} sent on {name}");
            node.Node.Region.Tell(new ShardingProtocol.ToEntity(key, letter));
        });
    }

    private void CrashSomebody()
    {
        if (Somebody() is not { } name)
            return;
        cluster.Crash(name);
        World.After(World.Between(0.1, 12), () =>
        {
            if (cluster.Find(name) is null)
                cluster.Start(name);
        });
    }

    private void PauseSomebody()
    {
        if (Somebody() is not { } name || cluster.Find(name) is not { } node || node.Life.IsPaused)
            return;
        var length = World.Between(0.1, 9);
        if (World.Chance(0.5))
            Pause(node, length);
        else
            cluster.Leases.AfterNextWrite[name] = () => Pause(node, length);
    }

    private void Pause(SimNode node, TimeSpan length)
    {
        if (!node.Life.IsAlive || node.Life.IsPaused)
            return;
        World.Note($"{node.Name} stands still");
        node.Life.Pause();
        World.After(length, () =>
        {
            World.Note($"{node.Name} goes on");
            node.Life.Resume();
            // What it believes to be true is over; how fast does it notice?
            for (var ms = 1; ms <= 20; ms++)
                World.After(TimeSpan.FromMilliseconds(ms), cluster.Checker.CheckWriters);
        });
    }

    private void CutNetwork()
    {
        if (Somebody() is not { } name)
            return;
        World.Note($"{name} is cut off from other nodes");
        foreach (var other in cluster.Running.Where(other => other.Name != name))
            cluster.Network.Cut(name, other.Name);
        Keep("network", (World.Now + World.Between(0.5, 12)).TotalSeconds);
        World.After(World.Between(0.5, 12), () =>
        {
            World.Note("the network is whole");
            cluster.Network.HealAll();
            cluster.Trouble("network");
        });
    }

    private void StoreOutage(TimeSpan length)
    {
        World.Note("the lease store is down");
        cluster.Leases.IsDown = true;
        Keep("leases", (World.Now + length).TotalSeconds);
        World.After(length, () =>
        {
            World.Note("the lease store is up");
            cluster.Leases.IsDown = false;
        });
    }

    private void StoreSlow(TimeSpan length)
    {
        World.Note("the lease store is slow");
        cluster.Leases.LatencyFactor = World.Random.Next(10, 300);
        Keep("leases", (World.Now + length).TotalSeconds);
        World.After(length, () =>
        {
            World.Note("the lease store is as fast as before");
            cluster.Leases.LatencyFactor = 1;
        });
    }

    private void CutOffFromStore()
    {
        if (Somebody() is not { } name)
            return;
        World.Note($"{name} can't reach the lease store");
        cluster.Leases.CutOff.Add(name);
        cluster.Trouble("leases");
        World.After(World.Between(1, 12), () =>
        {
            World.Note($"{name} reaches the lease store");
            cluster.Leases.CutOff.Remove(name);
            cluster.Trouble("leases");
        });
    }

    private void JournalOutage(TimeSpan length)
    {
        World.Note("the journal is down");
        cluster.Journal.IsDown = true;
        World.After(length, () => cluster.Journal.IsDown = false);
    }

    private void RestoreJournal()
    {
        cluster.Journal.Backup();
        World.After(World.Between(2, 15), () =>
        {
            World.Note("the journal is an old backup");
            cluster.Journal.Restore();
        });
    }

    private void RestoreStore()
    {
        cluster.Leases.Backup();
        World.After(World.Between(2, 12), () =>
        {
            World.Note("the lease store is an old backup");
            cluster.Leases.Restore();
            cluster.Checker.StoreRestoredAt = World.Now;
            cluster.Trouble("leases");
        });
    }

    private void LeaveAndComeBack()
    {
        if (Somebody() is not { } name || cluster.Find(name) is not { } node)
            return;
        node.Life.Post(node.Leave);
        World.After(World.Between(2, 15), () =>
        {
            if (cluster.Find(name) is null)
                cluster.Start(name);
        });
    }

    private void MemberUnreachable(TimeSpan length)
    {
        var member = World.Pick(cluster.Members.Names.ToList());
        World.Note($"member {member} can't be reached");
        cluster.Members.SetReachable(member, reachable: false);
        World.After(length, () =>
        {
            World.Note($"member {member} is reached");
            cluster.Members.SetReachable(member, reachable: true);
            cluster.Trouble($"member {member}");
        });
    }

    private void DownSomebody()
    {
        if (Somebody() is not { } name || Somebody() is not { } at || cluster.Find(at) is not { } node)
            return;
        World.Note($"an operator on {at} declares {name} dead");
        cluster.Checker.OperatorActedAt = World.Now + TimeSpan.FromSeconds(2);
        node.Node.Daemon.Tell(new ClusterProtocol.Down(name), new SimRef(_ => cluster.Checker.OperatorActedAt = World.Now + TimeSpan.FromSeconds(2)));
    }

    private void PoisonSomebody(double until)
    {
        if (Somebody() is not { } name || cluster.Find(name) is not { } node || World.Now.TotalSeconds > until)
            return;
        // A source, some entities, or both: who starts over asks who starts over.
        if (World.Chance(0.5))
            Poison(node, SimNodeContext.SourceOf(World.Pick(cluster.Members.Names.ToList())));
        for (var i = World.Random.Next(5); i > 0; i--)
            Poison(node, SimCluster.Key(World.Random.Next(1, cluster.Settings.Keys)));
    }

    private void Poison(SimNode node, string key) => World.After(World.Between(0, 0.2), () => node.Life.Post(() =>
    {
        World.Note($"{key} is poisoned");
        node.Node.Region.Tell(new ShardingProtocol.ToRunning(key, new SimEntity.Poison()));
    }));

    private void Keep(string trouble, double untilSeconds)
    {
        cluster.Trouble(trouble);
        if (World.Now.TotalSeconds < untilSeconds)
            World.After(TimeSpan.FromSeconds(2), () => Keep(trouble, untilSeconds));
    }
}
