namespace MultiCluster.Kubernetes.Manifests;

/// <summary>How long the folder waits for what.</summary>
internal sealed record FolderTiming
{
    /// <summary>After a writer has closed a file: the next write of the same script comes by then.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>A file that is written to again and again is read after this time all the same.</summary>
    public TimeSpan QuietLimit { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>A state that was closed and still looks like half of a write must stay for so long.</summary>
    public TimeSpan ContentSettle { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>So must any state whose writer may still be at it for all we know.</summary>
    public TimeSpan BlindSettle { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A writer that takes longer is a problem to show.</summary>
    public TimeSpan UnclosedNotice { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The first lists wait no longer for files that are being written to.</summary>
    public TimeSpan FirstLists { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Editors move a file away and write a new one.</summary>
    public TimeSpan VanishSettle { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Without a hint from the system: links swapped deep down, network mounts, an overflow of events.</summary>
    public TimeSpan Rescan { get; init; } = TimeSpan.FromSeconds(2);
}
