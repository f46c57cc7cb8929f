using MultiCluster.Controller.Sessions;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Tests.Sessions;

/// <summary>
/// Three controllers whose tables differ for a while, one agent that goes from one to the next, and a network that cuts, duplicates and
/// swaps messages: seed by seed, the production cores. At every step nothing goes back and nothing vanishes that nobody deleted; at the end
/// the agent has just what was published last.
/// </summary>
public sealed class SessionSimulationTests
{
    private const int Shards = 3;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<int> Batches => [.. Enumerable.Range(0, 8)];

    [Theory]
    [MemberData(nameof(Batches))]
    public void An_agent_ends_with_the_merged_table_and_never_goes_back_on_the_way(int batch)
    {
        for (var seed = batch * 250; seed < (batch + 1) * 250; seed++)
            new Run(seed).Go();
    }

    private sealed class Run
    {
        private readonly int _seed;
        private readonly Random _random;
        private readonly SimTruth _truth;
        private readonly SimController[] _controllers;
        private readonly SimProxy _proxy;
        private readonly List<ControllerMessage> _down = [];
        private readonly List<AgentMessage> _up = [];
        private SimController? _connected;
        private TimeSpan _now;

        public Run(int seed)
        {
            _seed = seed;
            _random = new Random(seed);
            var shardOf = new RowTable(Shards).ShardOf;
            _truth = new SimTruth(_random, Shards, shardOf);
            _controllers = [.. Enumerable.Range(0, 3).Select(_ => new SimController(_truth, _random, Shards))];
            _proxy = new SimProxy(_truth);
        }

        public void Go()
        {
            try
            {
                for (var step = 0; step < 400; step++)
                    Act();
                Settle();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {_seed}: {e.Message}", e);
            }
        }

        private void Act()
        {
            switch (_random.Next(100))
            {
                case < 25:
                    var update = _truth.Publish();
                    foreach (var controller in _controllers)
                        controller.Replicate(update);
                    break;
                case < 50:
                    Any().Arrive();
                    break;
                case < 58:
                    Any().RaiseBaseline(_random.Next(Shards));
                    break;
                case < 85:
                    Pump();
                    break;
                case < 89:
                    Spoil();
                    break;
                case < 92:
                    Cut();
                    break;
                case < 94:
                    _now += TimeSpan.FromSeconds(6);
                    break;
                case < 96:
                    var (one, other) = (Any(), Any());
                    if (one != other)
                    {
                        if (_connected == one)
                            Cut();
                        one.Restart(other);
                    }

                    break;
                case < 97:
                    Cut();
                    _proxy.Restart();
                    break;
                default:
                    Connect(Any());
                    break;
            }
        }

        /// <summary>The faults end, everything arrives, and silence compares what is left.</summary>
        private void Settle()
        {
            foreach (var controller in _controllers)
            {
                controller.ArriveAll();
                for (var shard = 0; shard < Shards; shard++)
                    controller.RaiseBaseline(shard);
            }

            // With the one it has, or with another: both must do.
            if (_connected is null || _random.Next(2) == 0)
                Connect(Any());
            for (var round = 0; round < 12; round++)
            {
                for (var n = 0; n < 100; n++)
                {
                    if (_connected is null)
                        Connect(Any());
                    Pump();
                }

                _now += TimeSpan.FromSeconds(6);
            }

            var expected = _truth.Live.OrderBy(static row => row.Entity.Key).ToList();
            var held = Enumerable.Range(0, 12).Select(n => _proxy.Core.Row(Rows.Id($"i{n}"))).OfType<FragmentUpdate>()
                .Where(static row => row.Fragment is not null).OrderBy(static row => row.Entity.Key).ToList();
            Assert.Equal(expected, held);
            Assert.Equal(expected.Select(static row => row.Entity.Key), _proxy.Core.Snapshot().Routes.Select(static route => route.Value!.Ingress).Order());
            Assert.Equal(_proxy.Core.Snapshot().Routes.Select(static route => route.Value), _proxy.Routes.Values);
            Assert.True(_proxy.Core.Readiness.IsComplete, "not complete");
            Assert.Equal(_connected!.Session!.TablePosition, _connected.Session.AckedPosition);
        }

        private void Pump()
        {
            if (_connected is null)
                return;
            if (_connected.Step(_now) is { } message)
                _down.Add(message);
            if (_connected.Session is null)
            {
                Cut();
                return;
            }

            Assert.InRange(_connected.Session.Waiting, 0, 12);
            if (_down.Count > 0 && _random.Next(3) > 0)
                Deliver();
            if (_up.Count > 0 && _random.Next(3) > 0)
            {
                _connected.Session.Receive(_up[0], _now);
                _up.RemoveAt(0);
            }
        }

        private void Deliver()
        {
            var message = _down[0];
            _down.RemoveAt(0);
            var outcome = _proxy.Receive(message, Start + _now);
            if (outcome.Reply is { } reply)
                _up.Add(reply);
            if (outcome.Close is not null)
                Cut();
        }

        /// <summary>What no sound transport does, and what must do no harm all the same: a message twice, lost, or in another's place.</summary>
        private void Spoil()
        {
            if (_down.Count == 0)
                return;
            var at = _random.Next(_down.Count);
            switch (_random.Next(3))
            {
                case 0:
                    _down.Add(_down[at]);
                    break;
                case 1:
                    _down.RemoveAt(at);
                    break;
                default:
                    (_down[0], _down[at]) = (_down[at], _down[0]);
                    break;
            }
        }

        private void Connect(SimController controller)
        {
            Cut();
            _connected = controller;
            controller.Open(_proxy.Core.Connect(), _now, complete: true);
        }

        private void Cut()
        {
            _connected?.Cut();
            _connected = null;
            _down.Clear();
            _up.Clear();
        }

        private SimController Any() => _controllers[_random.Next(_controllers.Length)];
    }
}
