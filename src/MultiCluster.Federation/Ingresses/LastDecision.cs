using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Ingresses;

/// <summary>What goes on while a bug of ours keeps the copies from being judged: the decision before, with conditions that say so.</summary>
public static class LastDecision
{
    private const string Fix = "the controller's log has the error, which is a bug to be reported; it is tried again when the object changes or its controller starts";

    /// <param name="before">Null when there was none: then nothing of the Ingress is served.</param>
    public static IngressMerge Keep(ObjectKey key, EquatableArray<IngressCopy> copies, Fragment.Ingress? before, EquatableArray<RecordedRank> ranks)
    {
        var kept = before ?? new Fragment.Ingress(key, [], [], [], []);
        return new IngressMerge(kept with { Conditions = copies.SelectMany(copy => Of(key, copy, kept)).ToEquatableArray() }, ranks, null);
    }

    private static IEnumerable<CopyCondition> Of(ObjectKey key, IngressCopy copy, Fragment.Ingress kept)
    {
        var subject = Problem.Subject(copy.Member, key);
        if (!kept.AcceptedMembers.Contains(copy.Member))
        {
            yield return new CopyCondition(copy.Member, new Condition(
                ConditionType.Accepted, false, Reasons.InternalError, $"{subject} can't be judged, so that nothing of it is served; {Fix}"));
            yield break;
        }

        yield return new CopyCondition(copy.Member, new Condition(ConditionType.Accepted, true, Reasons.Accepted, $"{subject} is served"));
        yield return new CopyCondition(copy.Member, new Condition(
            ConditionType.PartiallyInvalid, true, Reasons.InternalError, $"{subject} can't be judged as it is now, so that it is served as before; {Fix}"));
    }
}
