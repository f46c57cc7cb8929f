namespace MultiCluster.Kubernetes.Manifests;

/// <summary>What tells one state of a file from another without reading it.</summary>
internal readonly record struct FileStamp(DateTime LastWrite, long Length);

/// <summary>
/// Finds the manifests of a folder. Follows symbolic links, since ConfigMap and git-sync mounts are made of them; passes
/// over names with a leading dot (their hidden copies, .git, editors' swap files).
/// </summary>
internal static class FolderScanner
{
    private const int MaxDepth = 32;

    public static bool IsManifest(string path) =>
        !Path.GetFileName(path.AsSpan()).StartsWith('.') && Path.GetExtension(path) is ".yaml" or ".yml" or ".json";

    /// <summary>Paths relative to the folder, with their stamps.</summary>
    /// <exception cref="IOException">The folder or a part of it can't be read: nothing is known of what is absent.</exception>
    public static Dictionary<string, FileStamp> Scan(string folder)
    {
        var files = new Dictionary<string, FileStamp>(StringComparer.Ordinal);
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

    private static void Scan(DirectoryInfo folder, string prefix, Dictionary<string, FileStamp> files, List<string> chain)
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
            else if (IsManifest(entry.Name) && StampOf((FileInfo)entry) is { } stamp)
                files[path] = stamp;
        }

        chain.RemoveAt(chain.Count - 1);
    }

    /// <summary>Null when the file has gone, or is a link to nothing.</summary>
    private static FileStamp? StampOf(FileInfo file)
    {
        try
        {
            var target = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo;
            return target is { Exists: true } ? new FileStamp(target.LastWriteTimeUtc, target.Length) : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
