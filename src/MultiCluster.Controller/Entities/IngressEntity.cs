using MultiCluster.Actors;
using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Status;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Entities;

/// <summary>Owns one federated ingress: merges its copies once per batch of news and publishes what changed.</summary>
public sealed class IngressEntity(ObjectKey key, EntityContext shared) : Actor
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(20);

    private readonly CopyBook<IngressCopy> _book = new();
    private readonly EntityId _id = EntityId.Ingress(key);
    private Fragment.Ingress? _published;
    private EquatableArray<Condition> _conflicts = [];
    private bool _hasPublished;
    private bool _stale;

    protected override ValueTask PostRestartAsync(Exception cause)
    {
        _book.StartRecovery();
        Context.Parent!.Tell(new EntityProtocol.Recover(_id), Self);
        shared.RouteTable.Tell(new RouteTableProtocol.GetConflicts(key), Self);
        return default;
    }

    protected override ValueTask ReceiveAsync(object message)
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
                break;
            case CertificatesDue:
                _stale = true;
                break;
            case EntityProtocol.ConflictsChanged changed:
                _conflicts = changed.Conflicts;
                break;
            case EntityProtocol.MayStop when _book is { IsEmpty: true, IsWhole: true } && !_stale:
                Context.Stop(Self);
                break;
            case EntityProtocol.MayStop:
                Context.Parent!.Tell(new EntityProtocol.Stay(_id), Self);
                break;
            case EntityProtocol.GetIngress:
                Context.Reply(new EntityProtocol.IngressState(key, _published, Conditions()));
                break;
            default:
                Unhandled(message);
                break;
        }

        return default;
    }

    protected override ValueTask AfterBatchAsync()
    {
        if (!_stale || !_book.IsWhole)
            return default;
        _stale = false;
        Publish(Context.System.TimeProvider.GetUtcNow());
        _book.Acknowledge(_id, Self);
        if (_book.IsEmpty)
            Context.Parent!.Tell(new EntityProtocol.Passivate(_id), Self);
        return default;
    }

    private void Publish(DateTimeOffset now)
    {
        var fragment = IngressFederation.Merge(key, _book.Copies, now, shared.Certificates);
        if (!_hasPublished || !Equals(fragment, _published))
        {
            _hasPublished = true;
            _published = fragment;
            shared.RouteTable.Tell(new RouteTableProtocol.Publish(new FragmentUpdate(_id, shared.Clock.Next(), fragment)), Self);
        }

        shared.Status?.Tell(new StatusProtocol.CopiesChanged(key, [.. _book.Copies], fragment?.AcceptedMembers ?? []), Self);
        if (IngressFederation.NextCertificateChange(_book.Copies, now, shared.Certificates) is { } due)
            Context.Timers.StartSingle(CertificatesDue.Instance, Shorter(due - now), CertificatesDue.Instance);
        else
            Context.Timers.Cancel(CertificatesDue.Instance);
    }

    private EquatableArray<CopyCondition> Conditions() =>
        _published is null ? [] : ConditionSets.WithConflicts(_published.Conditions, _conflicts);

    /// <summary>System timers end at 24 days; an early look costs nothing.</summary>
    private static TimeSpan Shorter(TimeSpan delay) => delay < LongestTimer ? delay : LongestTimer;

    private sealed record CertificatesDue
    {
        public static readonly CertificatesDue Instance = new();
    }
}
