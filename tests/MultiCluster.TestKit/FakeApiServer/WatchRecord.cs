using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;

namespace MultiCluster.TestKit.FakeApiServer;

internal enum WatchSignal
{
    /// <summary>A line to send.</summary>
    Line,

    /// <summary>End the response in good order.</summary>
    End,

    /// <summary>Cut the connection.</summary>
    Reset,

    /// <summary>Keep the connection open and send nothing more.</summary>
    Stall,
}

/// <summary>One thing for a watcher to do; events carry their bytes ready to send.</summary>
internal sealed record WatchRecord(WatchSignal Signal, ReadOnlyMemory<byte> Line, ObjectKey Key, long ResourceVersion, string SecretType)
{
    /// <summary>Not an object's event (bookmark, error): nobody is told when it was written.</summary>
    public bool IsObject { get; init; }

    public bool IsBookmark { get; init; }

    /// <summary>Null for an object that is new.</summary>
    public StoredObject? Before { get; init; }

    /// <summary>Null for an object that is gone.</summary>
    public StoredObject? After { get; init; }

    public static WatchRecord Of(WatchSignal signal) => new(signal, ReadOnlyMemory<byte>.Empty, default, 0, "");
}

/// <summary>The last byte of a watch event has been given to the connection of one watcher.</summary>
/// <param name="Timestamp">Of System.Diagnostics.Stopwatch.</param>
public readonly record struct EventWritten(ResourcePath Resource, ObjectKey Key, long ResourceVersion, long Timestamp);
