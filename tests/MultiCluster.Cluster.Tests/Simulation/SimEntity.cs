using System.Collections.Immutable;
using MultiCluster.Actors;
using MultiCluster.Cluster.Delivery;
using MultiCluster.Cluster.Replication;
using MultiCluster.Cluster.Sharding;

namespace MultiCluster.Cluster.Tests.Simulation;

/// <summary>What an entity publishes: the copies it merged, and which sources it had not heard when it did.</summary>
internal sealed record SimFragment(ImmutableArray<SimObject> Copies, string Unheard)
{
    public bool Equals(SimFragment? other) => other is not null && Copies.SequenceEqual(other.Copies);

    public override int GetHashCode() => Copies.Length;

    public override string ToString() => string.Join(' ', Copies.Select(static copy => $"{copy.Member}@{copy.Revision}")) + (Unheard.Length > 0 ? $" without {Unheard}" : "");
}

/// <summary>An owner of one key, as the controller will have it.</summary>
internal sealed class SimEntity : Actor
{
    private readonly SimNodeContext _node;
    private readonly EntityStart _start;
    private readonly PublicationBook _book;
    private readonly SortedDictionary<string, SimObject> _copies = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _heard = new(StringComparer.Ordinal);
    private SimFragment? _sent;

    public SimEntity(SimNodeContext node, EntityStart start)
    {
        _node = node;
        _start = start;
        _book = new PublicationBook(start);
    }

    protected override ValueTask PreStartAsync()
    {
        Adopt(_start.Recovered);
        return default;
    }

    protected override ValueTask PostRestartAsync(Exception cause)
    {
        _book.StartOver();
        Context.Parent!.Tell(new ShardingProtocol.Restarted(_start.Key), Self);
        return default;
    }

    protected override ValueTask ReceiveAsync(object message)
    {
        // For ever: a handler that waits for what never comes.
        if (message is Hang)
            return new ValueTask(new TaskCompletionSource().Task);
        switch (message)
        {
            case DeliveryProtocol.Observed observed:
                Observe(observed);
                break;
            case ShardingProtocol.RecoveryEnded ended:
                _book.Open(ended);
                if (_copies.Count == 0)
                    Context.Parent!.Tell(new ShardingProtocol.Passivate(_start.Key), Self);
                break;
            case ShardingProtocol.RecoverFrom from:
                _book.Recover(from);
                break;
            case ShardingProtocol.SourceUnreachable unreachable:
                _book.GiveUp(unreachable);
                break;
            case TableProtocol.Published(_, var version):
                OnPublished(version);
                break;
            case TableProtocol.Outranked:
                _book.OnOutranked();
                break;
            case ShardingProtocol.TableHolds(var entry):
                _book.TableHolds(entry);
                Adopt(entry);
                break;
            case ShardingProtocol.NotStored:
                _book.NotStored();
                break;
            case TableProtocol.Entry(_, var held):
                _book.TableHolds(held);
                Adopt(held);
                break;
            case ShardingProtocol.MayStop when _copies.Count == 0 && _book.IsClean:
                Context.Stop(Self);
                break;
            case ShardingProtocol.MayStop:
                Context.Parent!.Tell(new ShardingProtocol.Stay(_start.Key), Self);
                break;
            case Letter letter:
                _node.Mail.Arrive(letter);
                Context.Parent!.Tell(new ShardingProtocol.Passivate(_start.Key), Self);
                break;
            case Poison:
                throw new SimPoisonException();
            default:
                Unhandled(message);
                break;
        }
        return default;
    }

    protected override ValueTask AfterBatchAsync()
    {
        if (_book.Decide(Payload()) is not { } publication)
            return default;
        if (publication.IsNeeded)
        {
            _sent = (SimFragment?)publication.Payload;
            _start.Table.Tell(new TableProtocol.Publish(_start.Shard, _start.Epoch, _start.Key, _sent), Self);
        }
        Settle(publication.Settled);
        return default;
    }

    private void Observe(DeliveryProtocol.Observed observed)
    {
        _heard.Add(observed.Source);
        if (observed.Payload is SimObject item)
            _copies[observed.Source] = item;
        else
            _copies.Remove(observed.Source);
        _book.Take(observed);
    }

    /// <summary>Copies of sources that have not been heard are the best there is.</summary>
    private void Adopt(TableEntry? entry)
    {
        foreach (var source in _copies.Keys.Where(source => !_heard.Contains(source)).ToList())
            _copies.Remove(source);
        foreach (var copy in (entry?.Payload as SimFragment)?.Copies ?? [])
        {
            if (!_heard.Contains(SimNodeContext.SourceOf(copy.Member)))
                _copies[SimNodeContext.SourceOf(copy.Member)] = copy;
        }
    }

    private SimFragment? Payload() =>
        _copies.Count == 0 ? null : new SimFragment([.. _copies.Values], string.Join(',', _node.Sources.Where(source => !_heard.Contains(source))));

    private void OnPublished(TableVersion version)
    {
        // By the incarnation before, and what it was that one knew.
        if (!_book.IsUnderWay)
            return;
        var entry = new TableEntry(_start.Key, version, _sent);
        _node.Members.NotePublished(_node.Life, _start.Key, version, _sent);
        if (_start.Gate.MayWrite(_start.Shard, _start.Epoch))
            _node.Journal.Write(_node.Life, _start.Shard, _start.Epoch, entry);
        Settle(_book.OnPublished(version));
        if (_copies.Count == 0)
            Context.Parent!.Tell(new ShardingProtocol.Passivate(_start.Key), Self);
    }

    private void Settle(ImmutableArray<object> settled)
    {
        foreach (var item in settled)
            Context.Parent!.Tell(item, Self);
    }

    /// <summary>Of sources, too.</summary>
    public sealed record Poison;

    public sealed record Hang;
}

internal sealed class SimPoisonException() : Exception("poison");
