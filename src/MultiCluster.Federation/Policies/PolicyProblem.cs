using MultiCluster.Model.Collections;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Policies;

/// <summary>A value of a policy that does not count; its default does.</summary>
/// <param name="Reason">One of <see cref="Model.Conditions.Reasons"/>.</param>
/// <param name="Field">Where it is written.</param>
/// <param name="Text">What is wrong and the fix; continues the field.</param>
public sealed record PolicyProblem(string Reason, string Field, string Text)
{
    public override string ToString() => $"{Field} {Text}";
}

public sealed record PolicyReading(TrafficPolicy Policy, EquatableArray<PolicyProblem> Problems);

/// <summary>When members that can't be read are left out.</summary>
/// <param name="Ttl">Zero: never.</param>
/// <param name="MinClusters">As many members of a route stay, however stale.</param>
public sealed record StalenessPolicy(TimeSpan Ttl, int MinClusters)
{
    public const int DefaultMinClusters = 1;

    /// <summary>Promise P1: what is known stays.</summary>
    public static readonly StalenessPolicy Retain = new(TimeSpan.Zero, DefaultMinClusters);
}

public sealed record StalenessReading(StalenessPolicy Policy, EquatableArray<PolicyProblem> Problems);
