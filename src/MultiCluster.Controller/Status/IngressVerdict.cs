using MultiCluster.Federation.Ingresses;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Status;

/// <summary>The object that conditions of a copy are told on.</summary>
/// <param name="Kind">Ingress, or the FederatedIngress where that is all the member has or its template takes the place of the Ingress.</param>
/// <param name="IsOurs">Its class is ours.</param>
/// <param name="IsHeard">The member says so now; otherwise it is what an owner before had heard, and may be old.</param>
public sealed record JudgedObject(MemberName Member, ResourceKind Kind, string Uid, bool IsOurs, bool IsHeard);

/// <summary>Of a FederatedIngress of ours.</summary>
/// <param name="Generation">Of the object that was read.</param>
public sealed record FederatedVerdict(MemberName Home, string Uid, long Generation, bool HasTemplate, EquatableArray<Condition> Conditions);

/// <summary>What its owner has to say of an ingress to people who look at it in its members. Pure.</summary>
/// <param name="Conditions">Of all copies, conflicts with other ingresses included.</param>
/// <param name="Federated">Null when there is none, or it is not for us.</param>
public sealed record IngressVerdict(
    ObjectKey Ingress, Fragment.Ingress Fragment, EquatableArray<CopyCondition> Conditions, EquatableArray<JudgedObject> Objects, FederatedVerdict? Federated)
{
    /// <summary>Somebody has to be told something.</summary>
    public bool IsNoteworthy => Federated is not null || Conditions.Any(static item => IsBad(item.Condition));

    /// <param name="conflicts">With other ingresses.</param>
    /// <param name="isHeard">Of those that are not, the FederatedIngress least of all is written to: its status would go back in time.</param>
    /// <returns>Null when no member has the ingress.</returns>
    public static IngressVerdict? Of(IngressMerge merge, EquatableArray<Condition> conflicts, EquatableArray<IngressCopy> copies, Predicate<MemberName> isHeard)
    {
        if (merge.Fragment is not { } fragment)
            return null;
        var home = merge.Home is { } name ? copies.FirstOrDefault(copy => copy.Member == name) : null;
        return new IngressVerdict(
            fragment.Key,
            fragment,
            ConditionSets.WithConflicts(fragment.Conditions, conflicts),
            copies.Select(copy => Judged(copy, isHeard(copy.Member))).ToEquatableArray(),
            home?.Federated is { } federated && isHeard(home.Member) && !merge.FederatedConditions.Any(static condition => IsOfOthers(condition))
                ? new FederatedVerdict(
                    home.Member,
                    federated.Meta.Uid,
                    federated.Meta.Generation,
                    federated.Template is not null,
                    ConditionSets.WithConflicts(merge.FederatedConditions, conflicts))
                : null);
    }

    /// <summary>Whether there may be something to tell: of most ingresses there is not, and then nothing is made of them.</summary>
    public static bool MayBeNoteworthy(IngressMerge merge, EquatableArray<Condition> conflicts)
    {
        if (merge.Home is not null || !conflicts.IsEmpty)
            return true;
        foreach (var item in merge.Fragment?.Conditions ?? [])
        {
            if (IsBad(item.Condition))
                return true;
        }

        return false;
    }

    /// <summary>It tells of something that is not as its author may think.</summary>
    public static bool IsBad(Condition condition) => !IsOfOthers(condition) && condition.Type switch
    {
        ConditionType.Accepted or ConditionType.ResolvedRefs or ConditionType.Programmed => !condition.Status,
        _ => condition.Status,
    };

    /// <summary>It is for another controller, or its author wants it left alone: nothing of ours belongs on it.</summary>
    private static bool IsOfOthers(Condition condition) =>
        condition is { Type: ConditionType.Accepted, Status: false, Reason: Reasons.NotOurClass or Reasons.NotOptedIn };

    private static JudgedObject Judged(IngressCopy copy, bool isHeard) => copy.Federated is { } federated && (!copy.HasIngress || federated.Template is not null)
        ? new JudgedObject(copy.Member, ResourceKind.FederatedIngress, federated.Meta.Uid, true, isHeard)
        : new JudgedObject(copy.Member, ResourceKind.Ingress, copy.Ingress.Meta.Uid, copy.Class == ClassVerdict.Ours, isHeard);
}
