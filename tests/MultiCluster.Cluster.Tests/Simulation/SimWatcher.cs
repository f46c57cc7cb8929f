using MultiCluster.Actors;
using MultiCluster.Cluster.Delivery;
using MultiCluster.Cluster.Sharding;

namespace MultiCluster.Cluster.Tests.Simulation;

/// <summary>A source: the watcher of one member, as the controller will have it.</summary>
internal sealed class SimWatcher(SimNodeContext node, string member, EntityStart start, DeliveryOptions options) : Actor
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly SortedDictionary<string, SimObject> _seen = new(StringComparer.Ordinal);
    private DeliverySource? _source;
    private TimeProvider? _time;
    private long _began;
    private int _list;

    public bool IsSettled => _source!.IsSettled;

    private TimeSpan Now => _time!.GetElapsedTime(_began);

    protected override ValueTask PostStopAsync()
    {
        node.Watched.Remove(member);
        return base.PostStopAsync();
    }

    protected override ValueTask PreStartAsync()
    {
        node.Watched.Add(member);
        _time = Context.System.TimeProvider;
        _began = _time.GetTimestamp();
        _source = new DeliverySource(start.Key, new SourceGeneration(start.Epoch, start.Start), start.Shards, options);
        Context.Timers.StartPeriodic("resend", TimeSpan.FromMilliseconds(250), Overdue.Instance);
        List();
        return default;
    }

    protected override ValueTask ReceiveAsync(object message)
    {
        switch (message)
        {
            case Listed listed when listed.Number == _list:
                OnListed(listed);
                break;
            case Changed changed when changed.Number == _list:
                Observe(changed.Key, changed.Object);
                break;
            case Lost lost when lost.Number == _list:
            case Retry:
                List();
                break;
            case DeliveryProtocol.FromShard delivery:
                CheckSettled(delivery);
                _source!.Receive(delivery, Now);
                break;
            case Overdue:
                Send(_source!.TakeOverdue(Now));
                break;
            case Letter or Listed or Changed or Lost:
                break;
            case SimEntity.Poison:
                throw new SimPoisonException();
            case GetSettled:
                Context.Reply(_source!.IsSettled);
                break;
            default:
                Unhandled(message);
                break;
        }
        return default;
    }

    protected override ValueTask AfterBatchAsync()
    {
        Send(_source!.Take(Now));
        return default;
    }

    private void List()
    {
        var number = ++_list;
        var self = Self;
        node.Members.List(
            node.Life,
            member,
            objects => self.Tell(new Listed(number, objects)),
            (key, item) => self.Tell(new Changed(number, key, item)),
            () => self.Tell(new Lost(number)));
    }

    private void OnListed(Listed listed)
    {
        if (listed.Objects is null)
        {
            if (Now >= Patience)
                _source!.MarkUnreachable();
            Context.Timers.StartSingle("retry", TimeSpan.FromSeconds(1), Retry.Instance);
            return;
        }
        foreach (var gone in _seen.Keys.Except(listed.Objects.Select(static item => item.Key), StringComparer.Ordinal).ToList())
            Observe(gone, null);
        foreach (var item in listed.Objects)
        {
            if (_seen.GetValueOrDefault(item.Key) != item)
                Observe(item.Key, item);
        }
        _source!.MarkComplete();
    }

    /// <summary>What is settled may be forgotten, so it has to be in a table.</summary>
    private void CheckSettled(DeliveryProtocol.FromShard delivery)
    {
        if (delivery is not DeliveryProtocol.Settled settled || settled.Generation != _source!.Generation)
            return;
        foreach (var (key, sequence) in settled.Items)
        {
            if (_seen.GetValueOrDefault(key) is { } item && _source.SequenceOf(key) == sequence && !node.Members.WasPublished(item) && !node.Members.IsRemoved(member))
                node.World.Violate($"{start.Key} is told that {item} is published, and it never was");
        }
    }

    private void Observe(string key, SimObject? item)
    {
        if (item is null)
            _seen.Remove(key);
        else
            _seen[key] = item;
        _source!.Observe(key, item);
    }

    private void Send(IReadOnlyList<ShardingProtocol.ToShard> messages)
    {
        foreach (var message in messages)
            start.Region.Tell(message);
    }

    public sealed record GetSettled;

    private sealed record Listed(int Number, IReadOnlyList<SimObject>? Objects);

    private sealed record Changed(int Number, string Key, SimObject? Object);

    private sealed record Lost(int Number);

    private sealed record Retry
    {
        public static readonly Retry Instance = new();
    }

    private sealed record Overdue
    {
        public static readonly Overdue Instance = new();
    }
}
