using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MultiCluster.HAProxy.Runtime.State;

/// <summary>
/// The directory that HAProxy starts from. It holds generations <c>gen-N</c> and a symbolic link <c>current</c> to the last
/// complete one. A generation is written whole and flushed to disk before the link is swapped by one rename, so after a
/// crash at any moment <c>current</c> is complete. The generation before is kept, and the one that HAProxy last started or
/// reloaded from (link <c>proven</c>).
/// <para>
/// HAProxy reads through <c>current</c>: publish nothing while it starts or reloads. One owner at a time, guarded by a lock that the
/// kernel drops when we end, however we end. Not thread-safe; file work blocks the caller.
/// </para>
/// </summary>
public sealed partial class StateDirectory : IDisposable
{
    private const string LockName = "lock";
    private const string OwnerName = "owner";
    private const string CurrentName = "current";
    private const string ProvenName = "proven";
    private const UnixFileMode PrivateDirectory = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _lock;
    private readonly ILogger _logger;
    private readonly Dictionary<string, string> _stamps = new(StringComparer.Ordinal);
    private int? _stampsOf;

    private StateDirectory(string path, FileStream @lock, ILogger logger)
    {
        Path = path;
        _lock = @lock;
        _logger = logger;
    }

    public string Path { get; }

    /// <summary>The same for every generation: what HAProxy is started with.</summary>
    public string CurrentConfigPath => InCurrent("haproxy.cfg");

    public bool HasCurrent => Current is not null;

    /// <summary>Number of the generation that <c>current</c> points to; null without one.</summary>
    public int? Current => TargetOf(CurrentName);

    /// <summary>Complete generations before the current one, the latest first: to fall back to.</summary>
    public IReadOnlyList<int> Earlier => Current is { } current ? [.. Generations().Where(number => number < current).OrderDescending()] : [];

    private int? Proven => TargetOf(ProvenName);

    /// <summary>The stable name of a published file, for the configuration and for the Runtime API.</summary>
    public string InCurrent(string relativePath) => System.IO.Path.Combine(Path, CurrentName, relativePath);

    /// <summary>Makes the directory (mode 0700), locks it and removes what a crash left half-written.</summary>
    /// <returns>An error when another process owns it, naming that process.</returns>
    public static Outcome<StateDirectory> Open(string path, ILogger? logger = null)
    {
        path = System.IO.Path.GetFullPath(path);
        try
        {
            System.IO.Directory.CreateDirectory(path, PrivateDirectory);
            File.SetUnixFileMode(path, PrivateDirectory);
            if (TryLock(path) is not { } @lock)
                return new Failure($"The state directory {path} is in use by process {Owner(path)}: stop that one or choose another directory.");

            var directory = new StateDirectory(path, @lock, logger ?? NullLogger.Instance);
            directory.WriteOwner();
            directory.RemoveLeftovers();
            return directory;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new Failure($"The state directory {path} can't be used: {failure.Message}");
        }
    }

    /// <summary>Lets others through to a socket that is for them. Of all else in it each file says itself who may read it.</summary>
    public void LetPass() => File.SetUnixFileMode(Path, PrivateDirectory | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);

    public void Dispose() => _lock.Dispose();

    // .NET locks an exclusively opened file with flock(2).
    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(path, LockName), new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = PrivateFile,
            });
        }
        catch (IOException failure) when (failure is not (DirectoryNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    /// <summary>Only words for others; a full disk must not keep us from HAProxy.</summary>
    private void WriteOwner()
    {
        try
        {
            File.WriteAllText(System.IO.Path.Combine(Path, OwnerName), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogNoOwner(_logger, Path, failure.Message);
        }
    }

    private static string Owner(string path)
    {
        try
        {
            return File.ReadAllText(System.IO.Path.Combine(path, OwnerName));
        }
        catch (IOException)
        {
            return "(unknown)";
        }
    }
}
