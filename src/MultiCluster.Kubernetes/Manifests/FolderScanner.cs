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
    /// <exception cref="IOException">The folder or a part of it can't be read: nothing is known of what is absent.</exception>
    public static Dictionary<string, FoundFile> Scan(string folder)
    {
        var files = new Dictionary<string, FoundFile>(StringComparer.Ordinal);
        Scan(new DirectoryInfo(folder), "", files, []);
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

    private static void Scan(DirectoryInfo folder, string prefix, Dictionary<string, FoundFile> files, List<string> chain)
    {
        var real = RealPath(folder.FullName);
        if (chain.Count > MaxDepth || chain.Contains(real, StringComparer.Ordinal))
            return;
        chain.Add(real);
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            if (entry.Name.StartsWith('.'))
                continue;
            var path = prefix.Length == 0 ? entry.Name : $"{prefix}/{entry.Name}";
            if (entry is DirectoryInfo inner)
                Scan(inner, path, files, chain);
            else if (IsManifest(entry.Name) && Find((FileInfo)entry, real) is { } found)
                files[path] = found;
        }

        chain.RemoveAt(chain.Count - 1);
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
}
