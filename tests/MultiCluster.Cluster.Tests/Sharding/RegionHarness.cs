using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Actors;
using MultiCluster.Cluster.Membership;
using MultiCluster.Cluster.Replication;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Cluster.Tests.Simulation;
using MultiCluster.Cluster.Transport;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Cluster.Tests.Sharding;

/// <summary>The region of a node with one shard, with what it sends to a peer and asks of its daemon, and an entity that writes down what reaches it.</summary>
internal sealed class RegionHarness : IClusterTransport, IEntityFactory, IShardJournal, IAsyncDisposable
{
    public const long Epoch = 7;
    private const int Number = 0;
    private const string Key = "web/shop";

    private readonly NodeId _self = new("n1", "1");
    private readonly NodeId _peer = new("n2", "1");
    private readonly DeterministicSystem _system = new();
    private readonly IActorRef _region;
    private readonly List<object> _sent = [];
    private readonly List<object> _toDaemon = [];
    private readonly List<object> _arrived = [];
    private ITransportReceiver? _receiver;
    private IActorRef? _shard;
    private long _frames;
    private long _starts;

    /// <param name="owns">Whether the shard is this node's, under <see cref="Epoch"/>, or the peer's.</param>
    public RegionHarness(bool owns = true)
    {
        var links = new ClusterLinks(this, Faults.None);
        links.SetPeers(_self, [new Peer(_peer, "n2")]);
        links.Start();
        var settings = new RegionSettings(
            new ClusterOptions { ClusterName = "test", NodeName = "n1", Address = "n1", Shards = 1 }, links, new SimRef(_toDaemon.Add), new SimRef(OnTable), this, this,
            new WriteGate(_system.Time), NullClusterObserver.Instance, () => _system.Time.GetElapsedTime(0), () => ++_starts, NullLogger.Instance);
        _region = _system.ActorOf(Props.Create(() => new ShardRegion(settings)), "region");
        _system.Run();
        _receiver!.PeerUp(_peer);
        var (owner, name) = owns ? (_self, "n1") : (_peer, "n2");
        _region.Tell(new ClusterView(
            _self, NodeState.Up, HasJoined: true, Refusal: null,
            [new NodeView(_self, "n1", 1, NodeState.Up), new NodeView(_peer, "n2", 1, NodeState.Up)], [new ShardView(owner, name, Epoch)]));
        if (owns)
            _region.Tell(new ClusterEffect.Start(Number, Epoch));
        _system.Run();
        _sent.Clear();
        _toDaemon.Clear();
    }

    /// <summary>Of all that the peer could be sent.</summary>
    public bool IsPeerReachable { get; set; } = true;

    /// <summary>At the entity.</summary>
    public IReadOnlyList<int> Arrived => [.. _arrived.OfType<Letter>().Select(static letter => letter.Number)];

    public IReadOnlyList<EnvelopeRefused> Refused => [.. _sent.OfType<EnvelopeRefused>()];

    /// <summary>How often the daemon was asked to read the store.</summary>
    public int Refreshes => _toDaemon.OfType<ClusterProtocol.Refresh>().Count();

    public ImmutableArray<string> Sources => [];

    /// <summary>The peer sends a letter under that ownership.</summary>
    public ShardEnvelope Receive(int letter, long epoch)
    {
        var envelope = new ShardEnvelope(Number, Key, Starts: true, epoch, new Letter(letter), null);
        Deliver(envelope);
        return envelope;
    }

    public void AnnounceHandOff()
    {
        _region.Tell(new ClusterEffect.HandOff(Number, Epoch));
        _system.Run();
    }

    /// <summary>The peer has sent all that it will under the ownership that ends.</summary>
    public void PeerHolds() => Deliver(new ShardHeld(Number, Epoch));

    public Props Create(EntityStart start) => Props.Create(() => new Diary(_arrived));

    public ValueTask DisposeAsync() => _system.DisposeAsync();

    void IClusterTransport.Start(ITransportReceiver receiver) => _receiver = receiver;

    void IClusterTransport.SetPeers(NodeId self, ImmutableArray<Peer> peers)
    {
    }

    bool IClusterTransport.TrySend(NodeId to, LinkFrame frame)
    {
        Assert.Equal(_peer, to);
        if (IsPeerReachable)
            _sent.Add(frame.Message);
        return IsPeerReachable;
    }

    ValueTask<ImmutableArray<TableEntry>> IShardJournal.LoadAsync(int shard, long epoch, CancellationToken cancellationToken) => new([]);

    ValueTask IShardJournal.FlushAsync(int shard, long epoch, CancellationToken cancellationToken) => default;

    private void Deliver(IRegionMessage message)
    {
        _receiver!.Received(new LinkFrame(_peer, _self, ++_frames, message));
        _system.Run();
    }

    /// <summary>An empty table.</summary>
    private void OnTable(object message)
    {
        if (message is TableProtocol.Attach(_, _, var owner))
            _shard = owner;
        else if (message is TableProtocol.RecoverBucket)
            _shard!.Tell(new TableProtocol.BucketContents(Number, [], IsOpen: true));
    }

    private sealed class Diary(List<object> told) : Actor
    {
        protected override ValueTask ReceiveAsync(object message)
        {
            told.Add(message);
            return default;
        }
    }
}
