using System.Threading.Channels;

namespace MultiCluster.Kubernetes.Manifests;

/// <summary>
/// The framework's hints, where there is no inotify or none left of it. They don't tell when a writer is done, so what they
/// tell of must have been quiet for long before it counts.
/// </summary>
internal sealed class PortableFolderWatcher(string folder, ChannelWriter<FolderHint> hints) : IFolderWatcher
{
    private FileSystemWatcher? _watcher;
    private string? _realPath;
    private volatile bool _isBroken;

    /// <summary>A watcher follows a folder, not a path: when the path's symbolic link was swapped, a new one is due.</summary>
    public void BeginScan()
    {
        var realPath = Directory.Exists(folder) ? FolderScanner.RealPath(folder) : null;
        if (_watcher is not null && !_isBroken && string.Equals(_realPath, realPath, StringComparison.Ordinal))
            return;
        _watcher?.Dispose();
        _isBroken = false;
        _realPath = realPath;
        _watcher = realPath is null ? null : TryCreate();
    }

    public void Enter(string prefix, string directory)
    {
    }

    public void EndScan()
    {
    }

    public void Pump()
    {
    }

    public void Dispose() => _watcher?.Dispose();

    /// <summary>Null when the system gives none: the scans then have to do.</summary>
    private FileSystemWatcher? TryCreate()
    {
        try
        {
            var watcher = new FileSystemWatcher(folder)
            {
                IncludeSubdirectories = true,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
            };
            watcher.Changed += (_, e) => Hint(e.FullPath, HintKind.Changed);
            watcher.Created += (_, e) => Hint(e.FullPath, HintKind.Changed);
            watcher.Deleted += (_, e) => Hint(e.FullPath, HintKind.Gone);
            watcher.Renamed += (_, e) =>
            {
                Hint(e.OldFullPath, HintKind.Gone);
                Hint(e.FullPath, HintKind.Renamed);
            };
            watcher.Error += (_, _) =>
            {
                _isBroken = true;
                hints.TryWrite(new FolderHint("", HintKind.Forgotten));
            };
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void Hint(string path, HintKind kind) =>
        hints.TryWrite(new FolderHint(Path.GetRelativePath(folder, path).Replace('\\', '/'), kind));
}
