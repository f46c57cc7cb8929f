using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Status;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Members;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.Entities;

/// <summary>Owns one federated ingress.</summary>
public sealed partial class IngressEntity(ObjectKey key, EntityStart start, EntityContext shared) : FederatedEntity<IngressCopy>(start, shared)
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(20);

    private MemberKnowledge? _knowledge;
    private IngressMerge _merge = IngressMerge.Nothing;
    private bool _isMerged;

    /// <summary>The last merge that no bug kept from ending, perhaps of an owner before.</summary>
    private Fragment.Ingress? _decided;
    private EquatableArray<RecordedRank> _ranks = [];
    private TrafficPolicy? _traffic;
    private EquatableArray<Condition> _conflicts = [];
    private readonly VerdictTeller _teller = new(key);

    private MemberKnowledge Knowledge => _knowledge ??= new MemberKnowledge(Context.System.TimeProvider, Shared.Defaults);

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
        _teller.Release(Shared.Reporters, Permit, Self);
        return base.PostStopAsync();
    }

    private protected override void Handle(object message)
    {
        switch (message)
        {
            case ChangeDue:
                Reconsider(new Cause(CauseKind.Time, null));
                break;
            case EntityProtocol.MembersChanged changed:
                if (Knowledge.Take(changed.Members, Copies))
                    Reconsider(new Cause(CauseKind.Observed, null, "members changed"));
                break;
            case EntityProtocol.ConflictsChanged changed:
                _conflicts = changed.Conflicts;
                // Before that there is no verdict, which would be taken for an ingress that is gone.
                if (_isMerged)
                    TellReporters();
                break;
            case EntityProtocol.GetIngress:
                Context.Reply(new EntityProtocol.IngressState(key, _merge.Fragment, Conditions()));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private protected override EntityRecord? Merge(DateTimeOffset now)
    {
        _merge = Judge(now);
        _ranks = _merge.Ranks;
        _traffic = _merge.Fragment?.Traffic;
        _isMerged = true;
        Shared.Status?.Tell(
            new StatusProtocol.CopiesChanged(key, [.. Copies.Where(copy => copy.HasIngress && IsHeard(copy.Member))], _merge.Fragment?.AcceptedMembers ?? [], Permit), Self);
        TellReporters();
        if (_merge.NextChange is { } due)
            Context.Timers.StartSingle(ChangeDue.Instance, Shorter(due - now), ChangeDue.Instance);
        else
            Context.Timers.Cancel(ChangeDue.Instance);
        return IsEmpty ? null : new EntityRecord.Ingress(key, Copies, _merge.Fragment) { Ranks = _ranks };
    }

    /// <summary>
    /// The one place where a bug does not go to supervision: the object that brings it out would fail its owner again and again, and no member
    /// that has it would ever be whole after a start, which holds back what all its other objects ask for.
    /// </summary>
    private IngressMerge Judge(DateTimeOffset now)
    {
        try
        {
            var merge = Shared.Merge(key, Copies, now, Knowledge.For(Copies, Shared.Mode), _ranks, Shared.Certificates, _traffic);
            _decided = merge.Fragment;
            return merge;
        }
        catch (Exception bug) when (bug is not OutOfMemoryException && !IsEmpty)
        {
            LogBug(Context.System.LoggerFactory.CreateLogger<IngressEntity>(), bug, key);
            return LastDecision.Keep(key, Copies, _decided, _ranks);
        }
    }

    private protected override IEnumerable<(MemberName Member, IngressCopy Copy)> Take(EntityRecord record)
    {
        if (record is not EntityRecord.Ingress ingress)
            return [];
        if (_ranks.IsEmpty)
            _ranks = ingress.Ranks;
        if (!_isMerged)
            _traffic = ingress.Fragment?.Traffic;
        _decided ??= ingress.Fragment;
        _teller.Recall(ingress);
        return ingress.Copies.Select(static copy => (copy.Member, copy));
    }

    /// <summary>A member that is read anew doesn't know any more what was there before the shape went wrong, or the right to read Secrets was taken away.</summary>
    private protected override IngressCopy Complete(IngressCopy copy, IngressCopy? before) => FederatedShape.Keep(KeptSecrets.Of(copy, before), before);

    private protected override Cause CauseOf(MemberName member, IngressCopy? copy, IngressCopy? before) => copy is not null
        ? ChangedObject.Of(member, ObjectsOf(before), [.. ObjectsOf(copy)])
        : new Cause(CauseKind.Deleted, before is null ? null : ObjectReference.Of(member, before.Ingress));

    /// <summary>Secrets that annotations name are known by their keys alone, so that the Ingress is named for them.</summary>
    private static IEnumerable<Resource> ObjectsOf(IngressCopy? copy) => copy is null
        ? []
        : [copy.Ingress, .. copy.Federated is { } federated ? (ReadOnlySpan<Resource>)[federated] : [], .. copy.Services, .. copy.Secrets];

    private void TellReporters() => _teller.Tell(Shared.Reporters, _merge, _conflicts, Copies, IsHeard, Permit, Self);

    private EquatableArray<CopyCondition> Conditions() =>
        _merge.Fragment is null ? [] : ConditionSets.WithConflicts(_merge.Fragment.Conditions, _conflicts);

    /// <summary>System timers end at 24 days; an early look costs nothing.</summary>
    private static TimeSpan Shorter(TimeSpan delay) => delay < LongestTimer ? delay : LongestTimer;

    [LoggerMessage(1611, LogLevel.Error, "Ingress {Ingress} can't be judged, a bug of the controller; what was decided before stays")]
    private static partial void LogBug(ILogger logger, Exception bug, ObjectKey ingress);

    private sealed record ChangeDue
    {
        public static readonly ChangeDue Instance = new();
    }
}
