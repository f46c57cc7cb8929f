using System.Collections.Immutable;
using System.Text;
using MultiCluster.HAProxy.Runtime;

namespace MultiCluster.Controller.Wire.Storage;

/// <summary>
/// Keys of snapshots, one a line in base64: the first encrypts, all decrypt, so that a key is changed by putting a new one on top. Nodes
/// that share a database share the file's content.
/// </summary>
public static class SnapshotKeyFile
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int MaxLength = 64 * 1024;

    /// <summary>Reads the file, or makes one with a new key if there is none.</summary>
    public static Outcome<SnapshotKeys> LoadOrCreate(string path)
    {
        try
        {
            if (!File.Exists(path))
                Create(path);
            return Load(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure($"key file {path}: {e.Message}");
        }
    }

    private static Outcome<SnapshotKeys> Load(string path)
    {
        var info = new FileInfo(path);
        if (!OperatingSystem.IsWindows() && (info.UnixFileMode & ~(Private | UnixFileMode.UserExecute)) != UnixFileMode.None)
            return new Failure($"key file {path}: others than its owner may use it; chmod 600 {path}");
        if (info.Length > MaxLength)
            return new Failure($"key file {path}: {info.Length} bytes are too many for a key file");
        var keys = ImmutableArray.CreateBuilder<SnapshotKey>();
        foreach (var line in File.ReadLines(path).Select(static line => line.Trim()))
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (SnapshotKey.Parse(line) is not { } key)
                return new Failure($"key file {path}: key {keys.Count + 1} is not {SnapshotKey.Length} bytes in base64; restore the file, or remove it to start with a new key");
            keys.Add(key);
        }

        return keys.Count > 0
            ? new SnapshotKeys(keys.ToImmutable())
            : new Failure($"key file {path}: holds no key; restore the file, or remove it to start with a new key");
    }

    /// <summary>All at once and never over an existing one: of two processes that start together one wins, and both read its key.</summary>
    private static void Create(string path)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(directory);
        var draft = Path.Combine(directory, $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}");
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = Private;
            using (var stream = new FileStream(draft, options))
            {
                stream.Write(Encoding.ASCII.GetBytes(SnapshotKey.New().Reveal() + "\n"));
                stream.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was faster.
        }
        finally
        {
            File.Delete(draft);
        }
    }
}
