using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;

namespace MultiCluster.Model.Conditions;

/// <summary>
/// Types of conditions; Accepted, PartiallyInvalid, ResolvedRefs and Programmed are Gateway API's, Conflict is MCS API's.
/// </summary>
public enum ConditionType
{
    Accepted,

    /// <summary>Present, and true, only when a part of an accepted object is left out.</summary>
    PartiallyInvalid,
    ResolvedRefs,
    Programmed,
    Conflict,

    /// <summary>Present, and true, only when a FederatedIngress of the same key takes the place of the copy's annotations.</summary>
    Overridden,

    /// <summary>Present, and true, only while the member can't be read or holds something back.</summary>
    Stale,
}

/// <summary>A statement about an object, as in metav1.Condition.</summary>
/// <param name="Reason">CamelCase, stable, for programs.</param>
/// <param name="Message">For people: names the object, what is wrong and the fix.</param>
public sealed record Condition(ConditionType Type, bool Status, string Reason, string Message)
{
    /// <summary>All that is wrong, item by item; the message names the first few of many.</summary>
    public EquatableArray<string> Details { get; init; } = [];
}

/// <summary>A condition on the copy of an object in one member.</summary>
public sealed record CopyCondition(MemberName Member, Condition Condition);
