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

/// <summary>Why a decision was taken.</summary>
/// <param name="Object">Null when no object is to blame.</param>
/// <param name="Note">For people, such as the operator's name; may be empty.</param>
public sealed record Cause(CauseKind Kind, ObjectReference? Object, string Note = "");
