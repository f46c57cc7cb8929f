using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;

namespace MultiCluster.Kubernetes.Status;

/// <summary>Something that happened to an object, for whoever runs kubectl describe on it.</summary>
/// <param name="Object">What it is about.</param>
/// <param name="Uid">Of that object; empty when it has none.</param>
/// <param name="Reason">CamelCase, stable, for programs.</param>
/// <param name="Action">CamelCase: what was done, such as Merge.</param>
public sealed record EventReport(ResourcePath Kind, ObjectKey Object, string Uid, bool IsWarning, string Reason, string Action, string Message);

public enum EventOutcome
{
    Written,

    /// <summary>The same was written a moment ago; it is counted with the next one.</summary>
    Counted,

    /// <summary>There were too many of this object.</summary>
    Dropped,
    Forbidden,
    Failed,
}

/// <param name="Message">For people; empty when nothing is wrong.</param>
public readonly record struct EventResult(EventOutcome Outcome, string Message);
