using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;
using Microsoft.Win32.SafeHandles;

namespace MultiCluster.Kubernetes.Manifests;

/// <summary>
/// inotify(7), which unlike the framework's watcher tells when a writer has closed a file. What a process wrote before a
/// call of <see cref="Pump"/> is told by the end of it, since the kernel queues the event within write(2).
/// </summary>
internal sealed class InotifyWatcher : IFolderWatcher
{
    private const InotifyMask Interest = InotifyMask.Modify | InotifyMask.CloseWrite | InotifyMask.MovedFrom | InotifyMask.MovedTo | InotifyMask.Create
        | InotifyMask.Delete | InotifyMask.DeleteSelf | InotifyMask.MoveSelf | InotifyMask.OnlyDirectories | InotifyMask.NotOfUnlinked;

    private const InotifyMask OfDirectories = InotifyMask.IsDirectory | InotifyMask.DeleteSelf | InotifyMask.MoveSelf | InotifyMask.Unmount;
    private const int HeaderLength = 16;

    private readonly ChannelWriter<FolderHint> _hints;
    private readonly Lock _lock = new();
    private readonly SafeFileHandle _inotify;
    private readonly SafeFileHandle _stop;
    private readonly Thread _pumping;

    /// <summary>By watch. Links may lead to one directory, and so to one watch, on several ways.</summary>
    private readonly Dictionary<int, HashSet<string>> _prefixes = [];
    private readonly HashSet<(int Watch, string Prefix)> _entered = [];
    private readonly byte[] _buffer = new byte[32 * 1024];

    private InotifyWatcher(SafeFileHandle inotify, SafeFileHandle stop, ChannelWriter<FolderHint> hints)
    {
        _hints = hints;
        _inotify = inotify;
        _stop = stop;
        _pumping = new Thread(PumpUntilStopped) { IsBackground = true, Name = "manifests" };
        _pumping.Start();
    }

    /// <summary>Null where the system has no inotify, or none left for us.</summary>
    public static InotifyWatcher? TryCreate(ChannelWriter<FolderHint> hints)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var inotify = new SafeFileHandle(NativeMethods.InotifyInit(NativeMethods.NonBlocking), ownsHandle: true);
        var stop = new SafeFileHandle(NativeMethods.EventFd(0, NativeMethods.NonBlocking), ownsHandle: true);
        if (!inotify.IsInvalid && !stop.IsInvalid)
            return new InotifyWatcher(inotify, stop, hints);
        inotify.Dispose();
        stop.Dispose();
        return null;
    }

    public void BeginScan() => _entered.Clear();

    /// <summary>A directory that gets no watch (there is a limit on them) is left to the scans.</summary>
    public void Enter(string prefix, string directory)
    {
        lock (_lock)
        {
            var watch = NativeMethods.InotifyAddWatch(_inotify, directory, Interest);
            if (watch < 0)
                return;
            _entered.Add((watch, prefix));
            if (!_prefixes.TryGetValue(watch, out var prefixes))
                _prefixes[watch] = prefixes = new HashSet<string>(StringComparer.Ordinal);
            prefixes.Add(prefix);
        }
    }

    public void EndScan()
    {
        lock (_lock)
        {
            foreach (var (watch, prefixes) in _prefixes)
            {
                prefixes.RemoveWhere(prefix => !_entered.Contains((watch, prefix)));
                // The dictionary's entry goes with the event that answers this.
                if (prefixes.Count == 0)
                    _ = NativeMethods.InotifyRemoveWatch(_inotify, watch);
            }
        }
    }

    public void Pump()
    {
        lock (_lock)
        {
            while (NativeMethods.Read(_inotify, _buffer, (nuint)_buffer.Length) is var length and > 0)
                Take(_buffer.AsSpan(0, (int)length));
        }
    }

    public void Dispose()
    {
        Span<byte> one = stackalloc byte[sizeof(ulong)];
        BitConverter.TryWriteBytes(one, 1UL);
        _ = NativeMethods.Write(_stop, one, sizeof(ulong));
        _pumping.Join();
        _inotify.Dispose();
        _stop.Dispose();
    }

    private void PumpUntilStopped()
    {
        Span<NativeMethods.PollFd> files =
        [
            new() { File = (int)_inotify.DangerousGetHandle(), Events = NativeMethods.PollIn },
            new() { File = (int)_stop.DangerousGetHandle(), Events = NativeMethods.PollIn },
        ];
        while (files[1].Returned == 0)
        {
            if (NativeMethods.Poll(files, 2, Timeout.Infinite) > 0 && files[0].Returned != 0)
                Pump();
        }
    }

    /// <summary>struct inotify_event: watch, mask, cookie, length of the name with its padding, name.</summary>
    private void Take(ReadOnlySpan<byte> events)
    {
        while (events.Length >= HeaderLength)
        {
            var watch = MemoryMarshal.Read<int>(events);
            var mask = (InotifyMask)MemoryMarshal.Read<uint>(events[4..]);
            var length = (int)MemoryMarshal.Read<uint>(events[12..]);
            var name = events.Slice(HeaderLength, length);
            Take(watch, mask, name.IndexOf((byte)0) is >= 0 and var end ? name[..end] : name);
            events = events[(HeaderLength + length)..];
        }
    }

    private void Take(int watch, InotifyMask mask, ReadOnlySpan<byte> name)
    {
        if (mask.HasFlag(InotifyMask.QueueOverflow))
            Hint("", HintKind.Forgotten);
        else if (mask.HasFlag(InotifyMask.Ignored))
            _prefixes.Remove(watch);
        else if ((mask & OfDirectories) != InotifyMask.None)
            Hint("", HintKind.Changed);
        else if (name.Length > 0 && _prefixes.TryGetValue(watch, out var prefixes))
        {
            var file = Encoding.UTF8.GetString(name);
            foreach (var prefix in prefixes)
                Hint(prefix.Length == 0 ? file : $"{prefix}/{file}", KindOf(mask));
        }
    }

    private static HintKind KindOf(InotifyMask mask) => mask switch
    {
        _ when mask.HasFlag(InotifyMask.CloseWrite) => HintKind.Closed,
        _ when mask.HasFlag(InotifyMask.MovedTo) => HintKind.Renamed,
        _ when mask.HasFlag(InotifyMask.Modify) => HintKind.Writing,
        _ when mask.HasFlag(InotifyMask.Create) => HintKind.Changed,
        _ => HintKind.Gone,
    };

    private void Hint(string path, HintKind kind) => _hints.TryWrite(new FolderHint(path, kind));
}
