using MultiCluster.Actors;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Status;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;

namespace MultiCluster.Controller.Entities;

/// <summary>Tells reporters what an ingress' owner has to say. Of most ingresses nothing has to be said: then nobody is told anything.</summary>
internal sealed class VerdictTeller(ObjectKey ingress)
{
    private IngressVerdict? _before;
    private bool _hasTold;
    private bool _wasNoteworthy;

    /// <summary>What an owner before had published, and so said.</summary>
    public void Recall(EntityRecord.Ingress record)
    {
        if (_hasTold || _before is not null)
            return;
        _before = IngressVerdict.Of(new IngressMerge(record.Fragment, [], null), [], record.Copies, static _ => true);
        _wasNoteworthy = _before?.IsNoteworthy == true;
    }

    public void Tell(Reporters? reporters, IngressMerge merge, EquatableArray<Condition> conflicts, EquatableArray<IngressCopy> copies, Predicate<MemberName> isHeard, WritePermit permit, IActorRef self)
    {
        if (reporters is null || (!_wasNoteworthy && !IngressVerdict.MayBeNoteworthy(merge, conflicts)))
            return;
        var verdict = IngressVerdict.Of(merge, conflicts, copies, isHeard);
        var isNoteworthy = verdict?.IsNoteworthy == true;
        if (!isNoteworthy && !_wasNoteworthy)
            return;
        var judged = new StatusProtocol.Judged(ingress, verdict, _hasTold ? null : _before, permit);
        reporters.Federated.Tell(judged, self);
        reporters.Events.Tell(judged, self);
        (_hasTold, _wasNoteworthy, _before) = (true, isNoteworthy, null);
    }

    public void Release(Reporters? reporters, WritePermit permit, IActorRef self)
    {
        if (reporters is null || !_hasTold)
            return;
        var released = new StatusProtocol.Released(ingress, permit);
        reporters.Federated.Tell(released, self);
        reporters.Events.Tell(released, self);
    }
}
