using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MultiCluster.Kubernetes.Manifests;

/// <summary>What the framework has no call for; Linux only.</summary>
internal static partial class NativeMethods
{
    public const int ReadWithoutWaiting = 0x80800; // O_RDONLY | O_NONBLOCK | O_CLOEXEC
    public const int NonBlocking = 0x80800; // IN_NONBLOCK | IN_CLOEXEC, EFD_NONBLOCK | EFD_CLOEXEC
    public const int EmptyPath = 0x1000; // AT_EMPTY_PATH
    public const uint TypeOfFile = 1; // STATX_TYPE
    public const short PollIn = 1;
    public const int Enoent = 2;
    public const int Enxio = 6;
    public const int Enotdir = 20;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Open(string path, int flags);

    /// <summary>Of an open file with an empty path. The layout of the answer is the same on every architecture (statx(2)).</summary>
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int StatX(SafeFileHandle file, string path, int flags, uint mask, Span<byte> answer);

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int InotifyInit(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int InotifyAddWatch(SafeFileHandle inotify, string path, InotifyMask mask);

    [LibraryImport("libc", EntryPoint = "inotify_rm_watch", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int InotifyRemoveWatch(SafeFileHandle inotify, int watch);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int EventFd(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint Read(SafeFileHandle file, Span<byte> buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint Write(SafeFileHandle file, ReadOnlySpan<byte> buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Poll(Span<PollFd> files, nuint count, int timeoutMilliseconds);

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollFd
    {
        public int File;
        public short Events;
        public short Returned;
    }
}

/// <summary>inotify(7).</summary>
[Flags]
internal enum InotifyMask : uint
{
    None = 0,
    Modify = 0x2,
    CloseWrite = 0x8,
    MovedFrom = 0x40,
    MovedTo = 0x80,
    Create = 0x100,
    Delete = 0x200,
    DeleteSelf = 0x400,
    MoveSelf = 0x800,
    Unmount = 0x2000,
    QueueOverflow = 0x4000,
    Ignored = 0x8000,
    OnlyDirectories = 0x0100_0000,

    /// <summary>Nothing of a file that others still hold open after it was replaced.</summary>
    NotOfUnlinked = 0x0400_0000,
    IsDirectory = 0x4000_0000,
}
