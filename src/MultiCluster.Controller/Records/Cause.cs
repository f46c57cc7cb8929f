using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Controller.Records;

public enum CauseKind
{
    /// <summary>A member has the object, in another state than before.</summary>
    Observed,

    /// <summary>A member doesn't have the object any more.</summary>
    Deleted,

    /// <summary>A certificate began or ceased to be valid.</summary>
    Time,

    /// <summary>Another ingress claims the same thing, or doesn't any more.</summary>
    Arbitration,
    Operator,

    /// <summary>An owner started and found another state than the one recorded.</summary>
    Recovery,
}

/// <summary>A member's object in one of its states.</summary>
/// <param name="Uid">Empty when the source gives none.</param>
/// <param name="ResourceVersion">Empty when the source gives none.</param>
public sealed record ObjectReference(MemberName Member, ResourceKind Kind, ObjectKey Key, string Uid, string ResourceVersion)
{
    public static ObjectReference Of(MemberName member, Resource resource) =>
        new(member, resource.Kind, resource.Key, resource.Meta.Uid, resource.Meta.ResourceVersion);

    public override string ToString() => $"{Kind} {Key} of {Member}{(ResourceVersion.Length == 0 ? "" : $" at {ResourceVersion}")}";
}

/// <summary>Which of a copy's objects is another one than before.</summary>
public static class ChangedObject
{
    /// <param name="after">The copy's own object first; that one is to blame when none of the others is.</param>
    public static Cause Of(MemberName member, IEnumerable<Resource> before, IReadOnlyList<Resource> after)
    {
        var known = new Dictionary<(ResourceKind, ObjectKey), Resource>();
        foreach (var resource in before)
            known.TryAdd((resource.Kind, resource.Key), resource);
        if (known.Count > 0)
        {
            foreach (var resource in after)
            {
                if (!known.Remove((resource.Kind, resource.Key), out var old) || !old.Equals(resource))
                    return new Cause(CauseKind.Observed, ObjectReference.Of(member, resource));
            }

            foreach (var gone in known.Values)
                return new Cause(CauseKind.Deleted, ObjectReference.Of(member, gone));
        }

        return new Cause(CauseKind.Observed, after.Count == 0 ? null : ObjectReference.Of(member, after[0]));
    }
}

/// <summary>Why a decision was taken.</summary>
/// <param name="Object">Null when no object is to blame.</param>
/// <param name="Note">For people, such as the operator's name; may be empty.</param>
public sealed record Cause(CauseKind Kind, ObjectReference? Object, string Note = "");
