using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;

namespace MultiCluster.Federation.Ingresses;

/// <summary>Conditions of an Ingress' copies from both of their sources.</summary>
public static class ConditionSets
{
    /// <summary>
    /// The conditions of a fragment with the conflicts that the routing table found between this Ingress and others: one
    /// Conflict for each accepted copy, telling both.
    /// </summary>
    public static EquatableArray<CopyCondition> WithConflicts(
        EquatableArray<CopyCondition> conditions, EquatableArray<Condition> conflicts) =>
        conflicts.IsEmpty
            ? conditions
            : conditions.Select(item => item.Condition.Type == ConditionType.Conflict
                ? item with { Condition = conflicts.Aggregate(item.Condition, Join) }
                : item).ToEquatableArray();

    /// <summary>The same for the conditions of one object.</summary>
    public static EquatableArray<Condition> WithConflicts(EquatableArray<Condition> conditions, EquatableArray<Condition> conflicts) =>
        conflicts.IsEmpty
            ? conditions
            : conditions.Select(item => item.Type == ConditionType.Conflict ? conflicts.Aggregate(item, Join) : item).ToEquatableArray();

    private static Condition Join(Condition known, Condition conflict) =>
        known.Status
            ? known with { Message = $"{known.Message}; {conflict.Message}", Details = [.. known.Details, .. conflict.Details] }
            : conflict;
}
