using System.Collections.Immutable;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Client;

/// <summary>Takes what reflectors see. Each scope (a kind, perhaps in one namespace, perhaps by a selector) has its number.</summary>
internal interface IReflectorOutput
{
    /// <summary>A complete list: what it lacks is not there.</summary>
    /// <param name="followsOutage">It could not be read before, and no watch has brought anything since.</param>
    Task ListedAsync(int scope, ImmutableArray<Resource> items, bool followsOutage, CancellationToken cancellationToken);

    ValueTask UpsertedAsync(int scope, Resource resource, CancellationToken cancellationToken);

    ValueTask DeletedAsync(int scope, ObjectKey key, CancellationToken cancellationToken);

    /// <summary>The watch is open.</summary>
    Task ConnectedAsync(int scope, CancellationToken cancellationToken);

    /// <summary>It can't be read; what is known stays.</summary>
    Task DisconnectedAsync(int scope, string reason, CancellationToken cancellationToken);

    /// <summary>The server has answered that this must not be read: nothing is to come before somebody grants it.</summary>
    Task RefusedAsync(int scope, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <param name="message">Null when there is no such problem any more.</param>
    void Problem(string subject, string? message);
}
