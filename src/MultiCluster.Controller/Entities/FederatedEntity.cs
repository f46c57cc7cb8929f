using MultiCluster.Actors;
using MultiCluster.Cluster.Delivery;
using MultiCluster.Cluster.Replication;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Records;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;

namespace MultiCluster.Controller.Entities;

/// <summary>
/// An owner of one federated object: holds each member's copy, merges them once per batch of news, publishes what changed to the
/// replicated table and writes down what it decided. What it may publish, and when, is <see cref="PublicationBook"/>'s to say.
/// </summary>
/// <typeparam name="TCopy">What a member has of it.</typeparam>
public abstract class FederatedEntity<TCopy> : Actor
    where TCopy : class, IEquatable<TCopy>
{
    private readonly EntityStart _start;
    private readonly PublicationBook _book;
    private readonly CopyBook<TCopy> _copies = new();
    private readonly HashSet<MemberName> _heard = [];
    private EntityRecord? _wanted;
    private EntityRecord? _sent;
    private EntityRecord? _written;
    private Cause _cause = new(CauseKind.Recovery, null);
    private bool _stale;

    private protected FederatedEntity(EntityStart start, EntityContext shared)
    {
        _start = start;
        Shared = shared;
        _book = new PublicationBook(start);
        _written = start.Recovered?.Payload as EntityRecord;
    }

    private protected EntityContext Shared { get; }

    /// <summary>Ordered by member.</summary>
    private protected EquatableArray<TCopy> Copies => _copies.Copies;

    /// <summary>It has started over, and what the table holds of the incarnation before is not known yet.</summary>
    private protected bool IsRecalling => _book.AwaitsHeld;

    private protected virtual bool IsEmpty => _copies.Copies.IsEmpty;

    /// <summary>What members say now; of the others there may be copies of an owner before.</summary>
    private protected bool IsHeard(MemberName member) => _heard.Contains(member);

    /// <summary>For writing to members on behalf of this entity.</summary>
    private protected WritePermit Permit => new(_start.Gate, _start.Shard, _start.Epoch);

    protected override ValueTask PreStartAsync()
    {
        Adopt(_start.Recovered?.Payload as EntityRecord);
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
        switch (message)
        {
            case DeliveryProtocol.Observed observed:
                Observe(observed);
                break;
            case ShardingProtocol.RecoveryEnded ended:
                _book.Open(ended);
                break;
            case ShardingProtocol.RecoverFrom from:
                _book.Recover(from);
                break;
            case ShardingProtocol.SourceUnreachable unreachable:
                _book.GiveUp(unreachable);
                break;
            case TableProtocol.Published published:
                OnPublished(published.Version);
                break;
            case TableProtocol.Outranked:
                _book.OnOutranked();
                break;
            case ShardingProtocol.TableHolds(var entry):
                OnHeld(entry);
                break;
            case ShardingProtocol.NotStored:
                _book.NotStored();
                break;
            case TableProtocol.Entry(_, var held):
                OnHeld(held);
                break;
            case ShardingProtocol.MayStop when IsEmpty && _book.IsClean && !_stale:
                Context.Stop(Self);
                break;
            case ShardingProtocol.MayStop:
                Context.Parent!.Tell(new ShardingProtocol.Stay(_start.Key), Self);
                break;
            default:
                Handle(message);
                break;
        }

        return default;
    }

    protected override ValueTask AfterBatchAsync()
    {
        if (_stale)
        {
            _stale = false;
            _wanted = Merge(Context.System.TimeProvider.GetUtcNow());
        }

        if (_book.Decide(_wanted) is not { } publication)
            return default;
        if (publication.IsNeeded)
        {
            _sent = _wanted;
            _start.Table.Tell(new TableProtocol.Publish(_start.Shard, _start.Epoch, _start.Key, _sent), Self);
        }
        else
        {
            OnSettled();
        }

        Settle(publication.Settled);
        PassivateIfEmpty();
        return default;
    }

    /// <summary>A message of the kind's own.</summary>
    private protected abstract void Handle(object message);

    /// <returns>What should be published of the copies; null for nothing.</returns>
    private protected abstract EntityRecord? Merge(DateTimeOffset now);

    /// <summary>The copies of <paramref name="record"/>, and what else of it is worth keeping.</summary>
    private protected abstract IEnumerable<(MemberName Member, TCopy Copy)> Take(EntityRecord record);

    /// <summary>What counts of a member's new copy; what it could not say is taken from what is held of it.</summary>
    /// <param name="before">What counts until now, perhaps of an owner before.</param>
    private protected virtual TCopy Complete(TCopy copy, TCopy? before) => copy;

    private protected abstract Cause CauseOf(MemberName member, TCopy? copy, TCopy? before);

    /// <summary>The table holds what follows from all that is known.</summary>
    private protected virtual void OnSettled()
    {
    }

    /// <summary>Something besides the copies changed what follows from them.</summary>
    private protected void Reconsider(Cause cause)
    {
        _stale = true;
        _cause = cause;
    }

    private void Observe(DeliveryProtocol.Observed observed)
    {
        if (MemberKeys.Parse(observed.Source) is { } member)
        {
            var before = _copies.Find(member);
            var copy = observed.Payload is TCopy news ? Complete(news, before) : null;
            _heard.Add(member);
            _copies.Set(member, copy);
            Reconsider(CauseOf(member, copy, before));
        }

        _book.Take(observed);
    }

    private void OnHeld(TableEntry? entry)
    {
        _book.TableHolds(entry);
        // A record of a later version: what is known here is better than nothing.
        if (entry?.Payload is null or EntityRecord)
            Adopt(entry?.Payload as EntityRecord);
    }

    /// <summary>Copies of members that have not been heard are the best there is.</summary>
    private void Adopt(EntityRecord? record)
    {
        _copies.RemoveWhere(member => !_heard.Contains(member));
        if (record is not null)
        {
            foreach (var (member, copy) in Take(record))
            {
                _copies.Set(member, _heard.Contains(member) ? _copies.Find(member) is { } news ? Complete(news, copy) : null : copy);
            }
        }

        Reconsider(new Cause(CauseKind.Recovery, null));
    }

    private void OnPublished(TableVersion version)
    {
        // Of the incarnation before.
        if (!_book.IsUnderWay)
            return;
        Shared.Store.Write(_start.Shard, new TableEntry(_start.Key, version, _sent), _written, _cause);
        _written = _sent;
        Settle(_book.OnPublished(version));
        if (!_stale && Equals(_sent, _wanted))
            OnSettled();
        PassivateIfEmpty();
    }

    private void PassivateIfEmpty()
    {
        if (IsEmpty && _book.IsClean)
            Context.Parent!.Tell(new ShardingProtocol.Passivate(_start.Key), Self);
    }

    private void Settle(IEnumerable<object> settled)
    {
        foreach (var item in settled)
            Context.Parent!.Tell(item, Self);
    }
}
