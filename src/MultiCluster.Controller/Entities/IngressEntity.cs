using MultiCluster.Actors;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Status;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Entities;

/// <summary>Owns one federated ingress.</summary>
public sealed class IngressEntity(ObjectKey key, EntityStart start, EntityContext shared) : FederatedEntity<IngressCopy>(start, shared)
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(20);

    private Fragment.Ingress? _fragment;
    private EquatableArray<Condition> _conflicts = [];

    protected override ValueTask PreStartAsync()
    {
        Shared.RouteTable.Tell(new RouteTableProtocol.WatchConflicts(key), Self);
        return base.PreStartAsync();
    }

    protected override async ValueTask PostRestartAsync(Exception cause)
    {
        Shared.RouteTable.Tell(new RouteTableProtocol.WatchConflicts(key), Self);
        await base.PostRestartAsync(cause);
    }

    protected override ValueTask PostStopAsync()
    {
        Shared.Status?.Tell(new StatusProtocol.Released(key, Permit), Self);
        return base.PostStopAsync();
    }

    private protected override void Handle(object message)
    {
        switch (message)
        {
            case CertificatesDue:
                Reconsider(new Cause(CauseKind.Time, null));
                break;
            case EntityProtocol.ConflictsChanged changed:
                _conflicts = changed.Conflicts;
                break;
            case EntityProtocol.GetIngress:
                Context.Reply(new EntityProtocol.IngressState(key, _fragment, Conditions()));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private protected override EntityRecord? Merge(DateTimeOffset now)
    {
        _fragment = IngressFederation.Merge(key, Copies, now, Shared.Certificates);
        Shared.Status?.Tell(new StatusProtocol.CopiesChanged(key, [.. Copies.Where(copy => IsHeard(copy.Member))], _fragment?.AcceptedMembers ?? [], Permit), Self);
        if (IngressFederation.NextCertificateChange(Copies, now, Shared.Certificates) is { } due)
            Context.Timers.StartSingle(CertificatesDue.Instance, Shorter(due - now), CertificatesDue.Instance);
        else
            Context.Timers.Cancel(CertificatesDue.Instance);
        return IsEmpty ? null : new EntityRecord.Ingress(key, Copies, _fragment);
    }

    private protected override IEnumerable<(MemberName Member, IngressCopy Copy)> Take(EntityRecord record) =>
        record is EntityRecord.Ingress ingress ? ingress.Copies.Select(static copy => (copy.Member, copy)) : [];

    private protected override Cause CauseOf(MemberName member, IngressCopy? copy, IngressCopy? before) => copy is not null
        ? new Cause(CauseKind.Observed, ObjectReference.Of(member, copy.Ingress))
        : new Cause(CauseKind.Deleted, before is null ? null : ObjectReference.Of(member, before.Ingress));

    private EquatableArray<CopyCondition> Conditions() =>
        _fragment is null ? [] : ConditionSets.WithConflicts(_fragment.Conditions, _conflicts);

    /// <summary>System timers end at 24 days; an early look costs nothing.</summary>
    private static TimeSpan Shorter(TimeSpan delay) => delay < LongestTimer ? delay : LongestTimer;

    private sealed record CertificatesDue
    {
        public static readonly CertificatesDue Instance = new();
    }
}
