using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Status;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Entities;

/// <summary>Owns one federated ingress: its routes and certificates, and what is said of its copies.</summary>
public sealed class IngressEntity(ObjectKey key, EntityContext shared) : FederatedEntity<IngressCopy>(EntityId.Ingress(key), shared)
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(20);

    private EquatableArray<Condition> _conflicts = [];

    private Fragment.Ingress? Fragment => (Fragment.Ingress?)Published;

    protected override async ValueTask PostRestartAsync(Exception cause)
    {
        await base.PostRestartAsync(cause);
        Shared.RouteTable.Tell(new RouteTableProtocol.GetConflicts(key), Self);
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case CertificatesDue:
                MergeAgain();
                break;
            case EntityProtocol.ConflictsChanged changed:
                _conflicts = changed.Conflicts;
                break;
            case EntityProtocol.GetIngress:
                Context.Reply(new EntityProtocol.IngressState(key, Fragment, Conditions()));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override Fragment? Merge(DateTimeOffset now) => IngressFederation.Merge(key, Copies, now, Shared.Certificates);

    protected override void OnMerged(DateTimeOffset now)
    {
        Shared.Status?.Tell(new StatusProtocol.CopiesChanged(key, [.. Copies], Fragment?.AcceptedMembers ?? []), Self);
        if (IngressFederation.NextCertificateChange(Copies, now, Shared.Certificates) is { } due)
            Context.Timers.StartSingle(CertificatesDue.Instance, Shorter(due - now), CertificatesDue.Instance);
        else
            Context.Timers.Cancel(CertificatesDue.Instance);
    }

    private EquatableArray<CopyCondition> Conditions() =>
        Fragment is null ? [] : ConditionSets.WithConflicts(Fragment.Conditions, _conflicts);

    /// <summary>System timers end at 24 days; an early look costs nothing.</summary>
    private static TimeSpan Shorter(TimeSpan delay) => delay < LongestTimer ? delay : LongestTimer;

    private sealed record CertificatesDue
    {
        public static readonly CertificatesDue Instance = new();
    }
}
