using System.Threading.Channels;

namespace MultiCluster.Kubernetes.Manifests;

/// <summary>A hint that something changed.</summary>
/// <param name="Path">Relative to the folder; empty when anything may have changed.</param>
/// <param name="IsWhole">The change is done in one step (a rename): no need to wait for more.</param>
internal readonly record struct FolderHint(string Path, bool IsWhole);

/// <summary>The system's hints about a folder. Only a shortcut: they get lost, and the rescan finds what they missed.</summary>
internal sealed class FolderWatcher : IDisposable
{
    private readonly string _folder;
    private readonly ChannelWriter<FolderHint> _hints;
    private readonly FileSystemWatcher _watcher;

    private FolderWatcher(string folder, ChannelWriter<FolderHint> hints)
    {
        _folder = folder;
        _hints = hints;
        RealPath = FolderScanner.RealPath(folder);
        _watcher = new FileSystemWatcher(folder)
        {
            IncludeSubdirectories = true,
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
        };
        _watcher.Changed += (_, e) => Hint(e.FullPath, isWhole: false);
        _watcher.Created += (_, e) => Hint(e.FullPath, isWhole: false);
        _watcher.Deleted += (_, e) => Hint(e.FullPath, isWhole: true);
        _watcher.Renamed += (_, e) =>
        {
            Hint(e.OldFullPath, isWhole: true);
            Hint(e.FullPath, isWhole: true);
        };
        _watcher.Error += (_, _) => IsBroken = true;
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>What is really watched; when the folder's path leads elsewhere, this watcher is of no use any more.</summary>
    public string RealPath { get; }

    public bool IsBroken { get; private set; }

    /// <summary>Null when the system gives none (no inotify instances left, say): the rescan then has to do.</summary>
    public static FolderWatcher? TryCreate(string folder, ChannelWriter<FolderHint> hints)
    {
        try
        {
            return new FolderWatcher(folder, hints);
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Dispose() => _watcher.Dispose();

    private void Hint(string path, bool isWhole) => _hints.TryWrite(new FolderHint(Path.GetRelativePath(_folder, path), isWhole));
}
