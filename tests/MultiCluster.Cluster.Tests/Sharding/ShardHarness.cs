using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Actors;
using MultiCluster.Cluster.Delivery;
using MultiCluster.Cluster.Replication;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Cluster.Tests.Simulation;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Cluster.Tests.Sharding;

/// <summary>One shard alone, with what it says to its region, and entities that write down what they are told.</summary>
internal sealed class ShardHarness : IEntityFactory, IShardJournal, IAsyncDisposable
{
    public const string Source = "member:m1";
    public const string Key = "web/shop";
    private const int Number = 0;
    private const long Epoch = 7;

    private readonly DeterministicSystem _system;
    private readonly List<object> _toRegion = [];
    private long _starts;
    private long _batches;

    public ShardHarness(int seed, params TableEntry[] held)
    {
        _system = new DeterministicSystem(seed);
        var table = new SimRef(message =>
        {
            if (message is TableProtocol.RecoverBucket)
                Shard!.Tell(new TableProtocol.BucketContents(Number, [.. held], IsOpen: true));
        });
        var settings = new RegionSettings(
            new ClusterOptions { ClusterName = "test", NodeName = "n1", Address = "n1", Shards = 1 }, null!, new SimRef(static _ => { }), table, this, this, new WriteGate(_system.Time), NullClusterObserver.Instance,
            () => _system.Time.GetElapsedTime(0), () => ++_starts, NullLogger.Instance);
        var context = new ShardContext(settings, new SimRef(_toRegion.Add), Number, Shards: 1, Epoch);
        Shard = _system.ActorOf(Props.Create(() => new Shard(context)), "shard");
        Shard.Tell(ShardingProtocol.BeginRecovery.Instance);
        Run();
    }

    public IActorRef Shard { get; }

    /// <summary>One list for each life of the entity.</summary>
    public List<List<object>> Lives { get; } = [];

    /// <summary>What each life began with.</summary>
    public List<EntityStart> Starts { get; } = [];

    public ImmutableArray<string> Sources { get; private set; } = [Source];

    public ImmutableArray<string> RemovedSources { get; private set; } = [];

    /// <summary>Keys of all entities that were started, in order.</summary>
    public List<string> Started { get; } = [];

    public void Configure(ImmutableArray<string> sources, ImmutableArray<string> removed)
    {
        (Sources, RemovedSources) = (sources, removed);
        Shard.Tell(ShardingProtocol.SourcesChanged.Instance);
        Run();
    }

    /// <summary>What runs in the shard now.</summary>
    public async Task<ImmutableArray<string>> RunningAsync()
    {
        var asked = Shard.AskAsync<ShardingProtocol.ShardStatus>(new ShardingProtocol.GetShard(Number), TimeSpan.FromSeconds(5));
        Run();
        return (await asked).Entities;
    }

    public void LetterTo(string key) => Shard.Tell(new ShardingProtocol.Deliver(key, new Letter(0), Starts: true));

    public Props Create(EntityStart start) => Props.Create(() =>
    {
        List<object> told = [];
        Started.Add(start.Key);
        if (start.Key == Key)
        {
            Lives.Add(told);
            Starts.Add(start);
        }
        return new Diary(start, told);
    });

    public ValueTask<ImmutableArray<TableEntry>> LoadAsync(int shard, long epoch, CancellationToken cancellationToken) => new([]);

    public ValueTask FlushAsync(int shard, long epoch, CancellationToken cancellationToken) => default;

    public void Run() => _system.Run();

    public void Advance(TimeSpan by) => _system.Advance(by);

    public void Letter(int number, bool starts = true) => Shard.Tell(new ShardingProtocol.Deliver(Key, new Letter(number), starts));

    public void Batch(object? payload) => Shard.Tell(new DeliveryProtocol.Batch(Source, new SourceGeneration(1, 1), Session(), ++_batches, [new DeliveryProtocol.Item(Key, _batches, payload)]));

    /// <summary>A later life of the source asks which session to deliver to.</summary>
    public void OpenAnew() => Shard.Tell(new DeliveryProtocol.Open(Source, new SourceGeneration(2, 1)));

    public void Complete(params string[] keys) => Shard.Tell(new DeliveryProtocol.Complete(Source, new SourceGeneration(1, 1), Session(), ++_batches, [.. keys]));

    public void AskToStop() => Shard.Tell(new ShardingProtocol.Passivate(Key));

    /// <summary>What the shard has sent away through its region since the last time.</summary>
    public IReadOnlyList<T> TakeSent<T>()
    {
        var sent = _toRegion.OfType<ShardingProtocol.ToEntity>().Select(static to => to.Message).Concat(_toRegion).OfType<T>().ToList();
        _toRegion.Clear();
        return sent;
    }

    public ValueTask DisposeAsync() => _system.DisposeAsync();

    private static ShardSession Session() => new(Epoch, 1);

    /// <summary>Has something to own from the first object that it is told of, or that it starts from, until it is told that there is none.</summary>
    private sealed class Diary(EntityStart start, List<object> told) : Actor
    {
        private bool _owns = start.Recovered is { IsTombstone: false };

        protected override ValueTask PostRestartAsync(Exception cause)
        {
            Context.Parent!.Tell(new ShardingProtocol.Restarted(start.Key), Self);
            return default;
        }

        protected override ValueTask ReceiveAsync(object message)
        {
            told.Add(message);
            switch (message)
            {
                case DeliveryProtocol.Observed observed:
                    _owns = observed.Payload is not null;
                    break;
                case ShardingProtocol.MayStop when _owns:
                    Context.Parent!.Tell(new ShardingProtocol.Stay(start.Key), Self);
                    break;
                case ShardingProtocol.MayStop:
                    Context.Stop(Self);
                    break;
                case SimEntity.Poison:
                    throw new SimPoisonException();
            }
            return default;
        }
    }
}
