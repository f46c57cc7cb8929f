namespace MultiCluster.Kubernetes.Manifests;

/// <summary>What tells one state of a file from another without reading it.</summary>
internal readonly record struct FileStamp(DateTime LastWrite, long Length);

/// <param name="Origin">
/// Where the file really is. Two checkouts made in one tick of the file system's clock have equal stamps, so a swapped link is
/// told by this.
/// </param>
internal readonly record struct FoundFile(FileStamp Stamp, string Origin);

/// <summary>
/// Finds the manifests of a folder. Follows symbolic links, since ConfigMap and git-sync mounts are made of them; passes
/// over names with a leading dot (their hidden copies, .git, editors' swap files).
/// </summary>
internal static class FolderScanner
{
    private const int MaxDepth = 32;

    /// <param name="path">Relative to the folder, with slashes: nothing on the way may be hidden.</param>
    public static bool IsManifest(string path) =>
        !path.StartsWith('.') && !path.Contains("/.", StringComparison.Ordinal) && Path.GetExtension(path) is (".yaml" or ".yml" or ".json");

    /// <summary>Manifests by path relative to the folder.</summary>
    /// <param name="enter">Is told each directory, relative and as it is, before it is listed.</param>
    /// <exception cref="IOException">The folder or a part of it can't be read: nothing is known of what is absent.</exception>
    public static Dictionary<string, FoundFile> Scan(string folder, Action<string, string> enter)
    {
        var files = new Dictionary<string, FoundFile>(StringComparer.Ordinal);
        new Walk(files, enter).Into(new DirectoryInfo(folder), "");
        return files;
    }

    /// <summary>Where a path leads in the end; changes when a symbolic link is swapped.</summary>
    public static string RealPath(string path)
    {
        try
        {
            return Directory.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        }
        catch (IOException)
        {
            return Path.GetFullPath(path);
        }
    }

    /// <summary>Null when the file has gone, or is a link to nothing.</summary>
    private static FoundFile? Find(FileInfo file, string folder)
    {
        try
        {
            if (file.LinkTarget is null)
                return new FoundFile(new FileStamp(file.LastWriteTimeUtc, file.Length), folder);
            return file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo { Exists: true } target
                ? new FoundFile(new FileStamp(target.LastWriteTimeUtc, target.Length), RealPath(target.DirectoryName!))
                : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private sealed class Walk(Dictionary<string, FoundFile> files, Action<string, string> enter)
    {
        private readonly List<string> _chain = [];

        public void Into(DirectoryInfo folder, string prefix)
        {
            var real = RealPath(folder.FullName);
            if (_chain.Count > MaxDepth || _chain.Contains(real, StringComparer.Ordinal))
                return;
            _chain.Add(real);
            enter(prefix, folder.FullName);
            foreach (var entry in folder.EnumerateFileSystemInfos())
            {
                if (entry.Name.StartsWith('.'))
                    continue;
                var path = prefix.Length == 0 ? entry.Name : $"{prefix}/{entry.Name}";
                if (entry is DirectoryInfo inner)
                    Into(inner, path);
                else if (IsManifest(entry.Name) && Find((FileInfo)entry, real) is { } found)
                    files[path] = found;
            }

            _chain.RemoveAt(_chain.Count - 1);
        }
    }
}
