using System.Collections.Immutable;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Cluster.Transport;

namespace MultiCluster.Cluster.Tests.Simulation;

/// <summary>Connections between processes: slow, lossy, cut and healed, and noticed as such only after a while.</summary>
internal sealed class SimNetwork(SimWorld world, SimMail mail)
{
    private const int MostUnderWay = 512;

    private readonly List<Endpoint> _endpoints = [];
    private readonly HashSet<(string, string)> _cuts = [];

    public double LossRate { get; set; }

    public double DuplicateRate { get; set; }

    public double ReorderRate { get; set; }

    /// <summary>Seconds; most of what a message may take.</summary>
    public double Slowest { get; set; } = 0.003;

    public IClusterTransport For(SimLife life) => new Endpoint(this, life);

    public void Cut(string a, string b)
    {
        _cuts.Add(Pair(a, b));
        LookSoon(1.5);
    }

    public void HealAll()
    {
        _cuts.Clear();
        LookSoon(0.3);
    }

    public void Ended(SimLife life)
    {
        _endpoints.RemoveAll(endpoint => endpoint.Life == life);
        LookSoon(0.5);
    }

    private static (string, string) Pair(string a, string b) => string.CompareOrdinal(a, b) < 0 ? (a, b) : (b, a);

    private bool IsCut(string a, string b) => _cuts.Contains(Pair(a, b));

    private void LookSoon(double withinSeconds)
    {
        // One look at the beginning and one at the end: some notice earlier than others.
        world.After(world.Between(0.002, withinSeconds), () => Look(halfOnly: true));
        world.After(TimeSpan.FromSeconds(withinSeconds), () => Look(halfOnly: false));
    }

    private void Look(bool halfOnly)
    {
        foreach (var endpoint in _endpoints.ToList())
        {
            if (!halfOnly || world.Chance(0.5))
                endpoint.Look();
        }
    }

    private sealed class Endpoint(SimNetwork network, SimLife life) : IClusterTransport
    {
        private readonly HashSet<NodeId> _up = [];
        private readonly Dictionary<NodeId, (int UnderWay, TimeSpan Last)> _sending = [];
        private ImmutableArray<Peer> _peers = [];
        private ITransportReceiver? _receiver;

        public SimLife Life => life;

        private NodeId SelfId { get; set; }

        public void Start(ITransportReceiver receiver)
        {
            _receiver = receiver;
            network._endpoints.Add(this);
        }

        public void SetPeers(NodeId self, ImmutableArray<Peer> peers)
        {
            SelfId = self;
            _peers = peers;
            network.LookSoon(0.05);
        }

        public bool TrySend(NodeId to, LinkFrame frame)
        {
            var sending = _sending.GetValueOrDefault(to);
            if (!_up.Contains(to) || sending.UnderWay >= MostUnderWay)
                return false;
            if (frame.Message is ShardEnvelope or EnvelopeRefused && network.World.IsTracing)
                network.World.Note($"{life.Name} -> {to.Name} {SimMail.Describe(frame.Message)}");
            var copies = network.World.Chance(network.DuplicateRate) ? 2 : 1;
            for (var copy = 0; copy < copies; copy++)
                Carry(to, frame, isLast: copy == copies - 1);
            return true;
        }

        public void Look()
        {
            var reachable = _peers.Select(static peer => peer.Id).Where(id => network.Find(id) is { } other && other.Life.IsAlive && !network.IsCut(life.Name, id.Name)).ToHashSet();
            foreach (var gone in _up.Where(id => !reachable.Contains(id)).OrderBy(static id => id.Name, StringComparer.Ordinal).ToList())
            {
                _up.Remove(gone);
                _sending.Remove(gone);
                life.Post(() => _receiver!.PeerDown(gone));
            }
            foreach (var come in reachable.Where(id => !_up.Contains(id)).OrderBy(static id => id.Name, StringComparer.Ordinal).ToList())
            {
                _up.Add(come);
                life.Post(() => _receiver!.PeerUp(come));
            }
        }

        private void Carry(NodeId to, LinkFrame frame, bool isLast)
        {
            var world = network.World;
            var sending = _sending.GetValueOrDefault(to);
            var arrives = world.Now + world.Between(0.0002, network.Slowest);
            if (!world.Chance(network.ReorderRate) && arrives < sending.Last)
                arrives = sending.Last;
            _sending[to] = (sending.UnderWay + 1, arrives > sending.Last ? arrives : sending.Last);
            world.After(arrives - world.Now, () =>
            {
                if (_sending.TryGetValue(to, out var now))
                    _sending[to] = now with { UnderWay = Math.Max(0, now.UnderWay - 1) };
                if (world.Chance(network.LossRate) || network.IsCut(life.Name, to.Name) || network.Find(to) is not { } target || !target.Life.IsAlive)
                {
                    if (isLast)
                        network.Mail.Excuse(frame.Message, "lost on the network");
                    return;
                }
                target.Life.Post(() =>
                {
                    if (target.SelfId != frame.To)
                        network.Mail.Excuse(frame.Message, "for an earlier run");
                    target._receiver!.Received(frame);
                });
            });
        }

        public bool Is(NodeId id) => SelfId == id;
    }

    private Endpoint? Find(NodeId id) => _endpoints.Find(endpoint => endpoint.Is(id));

    private SimWorld World => world;

    private SimMail Mail => mail;
}
