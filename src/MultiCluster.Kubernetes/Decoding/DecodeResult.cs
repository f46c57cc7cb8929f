using System.Collections.Immutable;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Decoding;

/// <summary>
/// Of one object: a resource (perhaps with <see cref="Model.Resources.Resource.DecodeError"/>), or an error when it can't
/// even be named, or neither for an object that is none of ours (a Secret of another type).
/// </summary>
public readonly record struct DecodeResult(Resource? Resource, string? Error);

public enum WatchEventType
{
    Added,
    Modified,
    Deleted,
    Bookmark,
    Error,

    /// <summary>A line that is no event; <see cref="WatchEvent.Problem"/> says why.</summary>
    Unreadable,
}

/// <summary>One line of a watch.</summary>
/// <param name="ResourceVersion">Where a new watch would go on; null when the line doesn't say.</param>
/// <param name="Key">Of a deleted object.</param>
/// <param name="Status">Of an error event.</param>
/// <param name="Problem">Why the object can't be used.</param>
public readonly record struct WatchEvent(
    WatchEventType Type,
    Resource? Resource,
    ObjectKey Key,
    string? ResourceVersion,
    ApiStatus? Status,
    string? Problem);

internal interface IPage
{
    /// <summary>Null or empty on the last page.</summary>
    string? Continue { get; }
}

/// <summary>One page of a list.</summary>
/// <param name="Continue">Null or empty on the last page.</param>
/// <param name="Problems">Items that can't be named, and so can't be used.</param>
public sealed record ListPage(
    ImmutableArray<Resource> Items,
    string ResourceVersion,
    string? Continue,
    ImmutableArray<string> Problems) : IPage;

/// <summary>The part of metav1.Status that is read.</summary>
public sealed record ApiStatus(int Code, string Reason, string Message, int? RetryAfterSeconds);
