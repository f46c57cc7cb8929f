using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Controller.Status;

/// <summary>Where Events about one member's objects are written.</summary>
public interface IEventSink
{
    /// <summary>The same event again is counted there, not told anew.</summary>
    Task<SinkResult> WriteAsync(ObjectEvent happened, CancellationToken cancellationToken);
}

/// <summary>Something that happened to an object, for whoever runs kubectl describe on it.</summary>
/// <param name="Uid">Empty when it has none.</param>
/// <param name="Reason">One of <see cref="Model.Conditions.Reasons"/>.</param>
public sealed record ObjectEvent(ResourceKind Kind, ObjectKey Object, string Uid, bool IsWarning, string Reason, string Message);
