namespace MultiCluster.Kubernetes.Manifests;

internal enum HintKind
{
    /// <summary>Written to or made, by somebody who may not be done.</summary>
    Changed,

    /// <summary>Written to, by somebody who has it open still: it will be closed.</summary>
    Writing,

    /// <summary>A writer has closed it.</summary>
    Closed,

    /// <summary>Came by a rename, in one step.</summary>
    Renamed,
    Gone,

    /// <summary>Hints were lost: anything may have happened.</summary>
    Forgotten,
}

/// <summary>A hint that something changed.</summary>
/// <param name="Path">Relative to the folder, with slashes; empty when anything may have changed.</param>
internal readonly record struct FolderHint(string Path, HintKind Kind);

/// <summary>The system's hints about a folder. They get lost, and a scan now and then finds what they missed.</summary>
internal interface IFolderWatcher : IDisposable
{
    /// <summary>A scan begins.</summary>
    void BeginScan();

    /// <summary>Before a directory is listed.</summary>
    /// <param name="prefix">Its path relative to the folder.</param>
    void Enter(string prefix, string directory);

    /// <summary>The scan was complete: directories that it did not enter are of no interest any more.</summary>
    void EndScan();

    /// <summary>Sees to it that there are hints for all that the system has told by now.</summary>
    void Pump();
}
