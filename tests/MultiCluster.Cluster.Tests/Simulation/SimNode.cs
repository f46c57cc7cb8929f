using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using MultiCluster.Actors;
using MultiCluster.Cluster.Delivery;
using MultiCluster.Cluster.Membership;
using MultiCluster.Cluster.Sharding;

namespace MultiCluster.Cluster.Tests.Simulation;

/// <summary>What the entities of one run of a process share.</summary>
internal sealed class SimNodeContext(SimCluster cluster, SimLife life) : IEntityFactory
{
    private const string SourcePrefix = "member:";

    public SimLife Life => life;

    public SimMail Mail => cluster.Mail;

    public SimMembers Members => cluster.Members;

    public SimWorld World => cluster.World;

    public SimJournal Journal => cluster.Journal;

    public ImmutableArray<string> Sources { get; private set; } = [.. cluster.Members.Names.Select(SourceOf)];

    public ImmutableArray<string> RemovedSources { get; private set; } = [];

    /// <summary>Members whose watchers run here.</summary>
    public SortedSet<string> Watched { get; } = new(StringComparer.Ordinal);

    public static string SourceOf(string member) => SourcePrefix + member;

    /// <summary>This node has heard that it has been taken out.</summary>
    public void Remove(string member)
    {
        Sources = Sources.Remove(SourceOf(member));
        RemovedSources = RemovedSources.Add(SourceOf(member));
    }

    public Props Create(EntityStart start)
    {
        if (!start.Key.StartsWith(SourcePrefix, StringComparison.Ordinal))
            return Props.Create(() => new SimEntity(this, start));
        var member = start.Key[SourcePrefix.Length..];
        var options = new DeliveryOptions { BatchSize = cluster.Settings.BatchSize, SettleAfter = TimeSpan.FromSeconds(5), NoResendAfterOwnerChange = cluster.Options.Faults.NoResendAfterOwnerChange };
        // A new generation with every start of the actor, restarts included.
        var starts = start.Start * 1000;
        return Props.Create(() => new SimWatcher(this, member, start with { Start = starts++ }, options));
    }
}

/// <summary>One run of a node's process.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Ends with the simulation.")]
internal sealed class SimNode : IClusterObserver
{
    private readonly SimCluster _cluster;
    private readonly HashSet<(int Shard, long Epoch)> _had = [];

    public SimNode(SimCluster cluster, string name, double rate, TimeSpan skew, ClusterOptions? options = null)
    {
        _cluster = cluster;
        Name = name;
        Life = new SimLife(cluster.World, name);
        Clock = new SimClock(cluster.World, Life, rate, skew);
        System = new ActorSystem($"node-{name}", new ActorSystemOptions { TimeProvider = Clock, Dispatcher = Life, Random = new Random(cluster.World.Random.Next()) });
        System.DeadLetters.Subscribe(letter => cluster.Mail.Excuse(letter.Message, $"dead letter on {name}: {letter.Reason}"));
        Context = new SimNodeContext(cluster, Life);
        Node = ClusterNode.Start(System, (options ?? cluster.Options) with { NodeName = name, Address = name }, new ClusterServices
        {
            Leases = cluster.Leases.For(Life),
            Transport = cluster.Network.For(Life),
            Journal = cluster.Journal.For(Life),
            Entities = Context,
            Observer = this,
            Random = new Random(cluster.World.Random.Next()),
        });
        Proxy = new SimProxy(cluster, this);
        Proxy.Subscribe();
        Node.Daemon.Tell(new ClusterProtocol.Subscribe(), new SimRef(message => See(message as ClusterView)));
    }

    public string Name { get; }

    public SimLife Life { get; }

    public SimClock Clock { get; }

    public ActorSystem System { get; }

    public ClusterNode Node { get; }

    public SimNodeContext Context { get; }

    public SimProxy Proxy { get; }

    public ClusterView? View { get; private set; }

    public int ShardsStarted { get; private set; }

    public SortedSet<int> Running { get; } = [];

    public bool IsLeaving { get; private set; }

    public bool HasLeft { get; private set; }

    public void HearOfRemoval(string member) => Life.Post(() =>
    {
        if (Context.RemovedSources.Contains(SimNodeContext.SourceOf(member)))
            return;
        _cluster.World.Note($"{Name} hears that {member} has been taken out");
        Context.Remove(member);
        Node.SourcesChanged();
    });

    public bool Had(int shard, long epoch) => _had.Contains((shard, epoch));

    public void Leave()
    {
        _cluster.World.Note($"{Name} is told to leave");
        IsLeaving = true;
        Node.Daemon.Tell(new ClusterProtocol.Leave(), new SimRef(message =>
        {
            if (message is ClusterProtocol.Left)
            {
                HasLeft = true;
                _cluster.World.Note($"{Name} has left");
                _cluster.OnLeft(this);
            }
        }));
    }

    private void See(ClusterView? view)
    {
        if (view is null)
            return;
        if (View is { HasJoined: true } before && before.Self != view.Self)
            _cluster.Checker.DeclaredDead(this);
        View = view;
    }

    void IClusterObserver.Dropped(DropReason reason, ShardEnvelope envelope) => _cluster.Mail.Excuse(envelope, $"dropped on {Name}: {reason}");

    void IClusterObserver.ShardStarted(int shard, long epoch)
    {
        _cluster.World.Note($"{Name} starts shard {shard} epoch {epoch}");
        ShardsStarted++;
        Running.Add(shard);
        _cluster.Checker.ShardStarted(this, shard, epoch);
        _cluster.Members.NoteOwner(Life, epoch);
        _had.Add((shard, epoch));
    }

    void IClusterObserver.ShardStopped(int shard, long epoch, bool inOrder)
    {
        _cluster.World.Note($"{Name} stops shard {shard} epoch {epoch}{(inOrder ? " in order" : "")}");
        Running.Remove(shard);
    }
}

/// <summary>Somebody outside of the actors who is told things.</summary>
internal sealed class SimRef(Action<object> receive) : IActorRef
{
    private static readonly ActorPath Outside = MakePath();

    public ActorPath Path => Outside;

    public void Tell(object message, IActorRef? sender = null) => receive(message);

    private static ActorPath MakePath()
    {
        var system = new ActorSystem("outside");
        var path = system.ActorOf(Props.Create(static () => new Nobody()), "simulation").Path;
        _ = system.TerminateAsync(TimeSpan.FromSeconds(1));
        return path;
    }

    private sealed class Nobody : Actor
    {
        protected override ValueTask ReceiveAsync(object message) => default;
    }
}
