using MultiCluster.HAProxy.Runtime;

namespace MultiCluster.Host.Nodes;

/// <summary>
/// A controller's own folder, which one process at a time may have. Its id goes into the node's lease: a lease of the same id is of a
/// process that is over, since its lock has gone, so that nobody has to wait for it to run out.
/// </summary>
internal sealed class NodeDirectory : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream _lock;

    private NodeDirectory(FileStream @lock, string id)
    {
        _lock = @lock;
        Id = id;
    }

    public string Id { get; }

    public static Outcome<NodeDirectory> Open(string path)
    {
        FileStream? taken = null;
        try
        {
            Directory.CreateDirectory(path);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, Private);
            // .NET locks an exclusively opened file with flock(2), which the kernel ends with the process.
            taken = new FileStream(Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new NodeDirectory(taken, IdIn(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            taken?.Dispose();
            return new Failure($"cluster.state-directory {path} can't be used, or another controller has it: {failure.Message}");
        }
    }

    public void Dispose() => _lock.Dispose();

    private static string IdIn(string path)
    {
        var file = Path.Combine(path, "id");
        if (File.Exists(file) && Guid.TryParse(File.ReadAllText(file).Trim(), out var known))
            return known.ToString();
        var id = Guid.NewGuid().ToString();
        File.WriteAllText(file, id + "\n");
        return id;
    }
}
