using MultiCluster.Actors;
using MultiCluster.Controller.Routing;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Entities;

/// <summary>
/// What the owners of federated objects have in common: the copies by member, which a restart gathers anew before anything is
/// published; one merge for a batch of news; acknowledgements once that is published; the end when no member has the object.
/// </summary>
public abstract class FederatedEntity<TCopy>(EntityId id, EntityContext shared) : Actor
    where TCopy : class
{
    private readonly CopyBook<TCopy> _book = new();
    private Fragment? _published;
    private bool _hasPublished;
    private bool _stale;

    protected EntityContext Shared => shared;

    protected IReadOnlyCollection<TCopy> Copies => _book.Copies;

    /// <summary>What was published last; null when no member has the object.</summary>
    protected Fragment? Published => _published;

    protected override ValueTask PostRestartAsync(Exception cause)
    {
        _book.StartRecovery();
        Context.Parent!.Tell(new EntityProtocol.Recover(id), Self);
        return default;
    }

    protected sealed override ValueTask ReceiveAsync(object message)
    {
        switch (message)
        {
            case EntityProtocol.RecoverFrom recover:
                _book.Await(recover.Members);
                _stale = true;
                break;
            case EntityProtocol.Observed observed:
                _book.Take(observed, Sender);
                _stale = true;
                OnCopiesChanged();
                break;
            case EntityProtocol.MayStop when _book is { IsEmpty: true, IsWhole: true } && !_stale:
                Context.Stop(Self);
                break;
            case EntityProtocol.MayStop:
                Context.Parent!.Tell(new EntityProtocol.Stay(id), Self);
                break;
            default:
                Receive(message);
                break;
        }

        return default;
    }

    protected sealed override ValueTask AfterBatchAsync()
    {
        if (!_stale || !_book.IsWhole)
            return default;
        _stale = false;
        var now = Context.System.TimeProvider.GetUtcNow();
        var fragment = Merge(now);
        if (!_hasPublished || !Equals(fragment, _published))
        {
            _hasPublished = true;
            _published = fragment;
            shared.RouteTable.Tell(new RouteTableProtocol.Publish(new FragmentUpdate(id, shared.Clock.Next(), fragment)), Self);
        }

        OnMerged(now);
        _book.Acknowledge(id, Self);
        if (_book.IsEmpty)
            Context.Parent!.Tell(new EntityProtocol.Passivate(id), Self);
        return default;
    }

    /// <summary>What the copies make together; null when there are none.</summary>
    protected abstract Fragment? Merge(DateTimeOffset now);

    /// <summary>Messages of this kind of entity alone.</summary>
    protected abstract void Receive(object message);

    protected virtual void OnCopiesChanged()
    {
    }

    protected virtual void OnMerged(DateTimeOffset now)
    {
    }

    /// <summary>Something else than the copies has changed what they make.</summary>
    protected void MergeAgain() => _stale = true;
}
