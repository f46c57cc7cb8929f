using System.Globalization;
using MultiCluster.Cluster.Membership;

namespace MultiCluster.Cluster.Tests.Simulation;

/// <summary>Several nodes, what they stand on, and what is done to them.</summary>
internal sealed class SimCluster
{
    /// <summary>How long a trouble may be the reason for what is seen.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(30);

    private readonly SortedDictionary<string, SimNode> _running = new(StringComparer.Ordinal);
    private readonly List<SimNode> _ended = [];
    private readonly Dictionary<string, TimeSpan> _troubles = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _wanted = new(StringComparer.Ordinal);

    public SimCluster(int seed, Faults? faults = null, bool tracing = false, SimSettings? settings = null)
    {
        Settings = settings ?? new SimSettings();
        World = new SimWorld(seed, tracing);
        Mail = new SimMail(World);
        Network = new SimNetwork(World, Mail);
        Leases = new SimLeaseStore(World);
        Journal = new SimJournal(World);
        Members = new SimMembers(World, Enumerable.Range(1, Settings.Members).Select(static n => string.Create(CultureInfo.InvariantCulture, $"m{n}")));
        Options = Settings.Options with { Faults = faults ?? Faults.None };
        Checker = new SimChecker(this);
        for (var key = 1; key <= Settings.Keys; key++)
        {
            foreach (var member in Members.Names)
            {
                if (World.Chance(0.6))
                    Members.Set(member, Key(key));
            }
        }
        InitialRevision = Members.Revision;
    }

    public SimSettings Settings { get; }

    public SimWorld World { get; }

    public SimMail Mail { get; }

    public SimNetwork Network { get; }

    public SimLeaseStore Leases { get; }

    public SimJournal Journal { get; }

    public SimMembers Members { get; }

    public SimChecker Checker { get; }

    public ClusterOptions Options { get; }

    public long InitialRevision { get; }

    public IReadOnlyCollection<SimNode> Running => _running.Values;

    public static string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"web/shop-{number}");

    public static string NodeName(int number) => string.Create(CultureInfo.InvariantCulture, $"n{number}");

    public SimNode? Find(string name) => _running.GetValueOrDefault(name);

    public SimNode Start(string name)
    {
        World.Note($"{name} starts");
        _wanted.Add(name);
        var drift = (World.Random.NextDouble() - 0.5) * 2 * Settings.Drift;
        var node = new SimNode(this, name, 1 + drift, World.Between(-Settings.SkewSeconds, Settings.SkewSeconds));
        _running.Add(name, node);
        foreach (var member in Members.Names.Where(Members.IsRemoved))
            TellOfRemoval(node, member);
        return node;
    }

    /// <summary>Takes a member out for good. Nodes hear of it each in its own time, and those that start later as well.</summary>
    public void RemoveMember(string member)
    {
        World.Note($"{member} is taken out");
        Members.Remove(member);
        foreach (var node in _running.Values)
            TellOfRemoval(node, member);
    }

    private void TellOfRemoval(SimNode node, string member) => World.After(World.Between(0.01, 5), () => node.HearOfRemoval(member));

    public void Crash(string name)
    {
        if (!_running.Remove(name, out var node))
            return;
        World.Note($"{name} crashes");
        node.Life.Kill();
        Network.Ended(node.Life);
        Mail.ExcuseAllUnderWay($"{name} crashed");
        _ended.Add(node);
    }

    /// <summary>The process goes on for a moment after it has left, as a real one does, and ends.</summary>
    public void OnLeft(SimNode node)
    {
        if (_running.GetValueOrDefault(node.Name) != node)
            return;
        World.After(TimeSpan.FromSeconds(0.2), () =>
        {
            if (_running.GetValueOrDefault(node.Name) == node)
                _ = node.System.TerminateAsync(TimeSpan.FromSeconds(1));
        });
        World.After(TimeSpan.FromSeconds(0.3), () =>
        {
            if (_running.GetValueOrDefault(node.Name) == node)
            {
                _running.Remove(node.Name);
                node.Life.Kill();
                Network.Ended(node.Life);
                _ended.Add(node);
                World.Note($"{node.Name} ends");
            }
        });
    }

    public void Trouble(string what) => _troubles[what] = World.Now;

    /// <summary>Whether a source of this member may have gone unheard for a while now.</summary>
    public bool WasDegraded(string member) =>
        !Members.IsReachable(member) || IsRecent($"member {member}") || IsRecent("network") || IsRecent("leases");

    public bool IsRecent(string trouble) => _troubles.TryGetValue(trouble, out var last) && World.Now - last < Aftermath;

    /// <summary>Everything works from now on, and everybody is there.</summary>
    public void Heal()
    {
        World.Note("all is well from here on");
        Leases.IsDown = Journal.IsDown = false;
        Leases.CutOff.Clear();
        Leases.LossRate = Journal.LossRate = Network.LossRate = Network.DuplicateRate = Network.ReorderRate = 0;
        Leases.LatencyFactor = 1;
        Leases.AfterNextWrite.Clear();
        Network.HealAll();
        foreach (var member in Members.Names)
            Members.SetReachable(member, reachable: true);
        foreach (var node in _running.Values.ToList())
        {
            if (node.Life.IsPaused)
                node.Life.Resume();
        }
        foreach (var name in _wanted.Where(name => !_running.ContainsKey(name)).ToList())
            Start(name);
    }

    public void Dispose()
    {
        foreach (var node in _running.Values.Concat(_ended))
        {
            node.Life.ReviveForCleanup();
            _ = node.System.TerminateAsync(TimeSpan.FromSeconds(1));
        }
        World.RunUntil(World.Now + TimeSpan.FromSeconds(3));
    }

    public IEnumerable<NodeState> StatesOf(string name) =>
        _running.Values.Select(node => node.View?.Nodes.FirstOrDefault(view => view.Id.Name == name)).OfType<NodeView>().Select(static view => view.State);
}

/// <summary>How large, and how wrong clocks are.</summary>
internal sealed record SimSettings
{
    public int Nodes { get; init; } = 3;

    public int Members { get; init; } = 3;

    public int Keys { get; init; } = 12;

    /// <summary>Most items in one message of a source.</summary>
    public int BatchSize { get; init; } = 4;

    /// <summary>Share by which a clock may run fast or slow.</summary>
    public double Drift { get; init; } = 0.03;

    public double SkewSeconds { get; init; } = 20;

    public ClusterOptions Options { get; init; } = new()
    {
        ClusterName = "test",
        NodeName = "none",
        Address = "none",
        Shards = 8,
        MaxHandOffs = 2,
        RebalanceDelay = TimeSpan.FromSeconds(5),
        SourceTimeout = TimeSpan.FromSeconds(20),
        JournalTimeout = TimeSpan.FromSeconds(2),
        JoinTimeout = TimeSpan.FromSeconds(6),
        TombstoneRetention = TimeSpan.FromSeconds(0.2),
        AntiEntropyInterval = TimeSpan.FromSeconds(1),
    };
}
