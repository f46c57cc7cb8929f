using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MultiCluster.Kubernetes.Manifests;

/// <summary>Opens files for reading and nothing else: a pipe of that name would keep its reader waiting for ever.</summary>
internal static class RegularFile
{
    private const int ModeOffset = 28; // stx_mode in struct statx
    private const int StatXLength = 256;
    private const int TypeMask = 0xF000; // S_IFMT
    private const int Regular = 0x8000; // S_IFREG

    /// <exception cref="FileNotFoundException">Nor is there one at the other end of a link.</exception>
    /// <exception cref="IOException">It can't be opened, or is no regular file; the message is for people.</exception>
    public static SafeFileHandle Open(string path) => OperatingSystem.IsLinux()
        ? OpenWithoutWaiting(path)
        // Any narrower sharing takes a lock on Unix, which would make writers of ours fail.
        : File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    private static SafeFileHandle OpenWithoutWaiting(string path)
    {
        var descriptor = NativeMethods.Open(path, NativeMethods.ReadWithoutWaiting);
        if (descriptor < 0)
            throw Failure(Marshal.GetLastPInvokeError(), path);
        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            return IsRegular(file) ? file : throw NotRegular();
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static bool IsRegular(SafeFileHandle file)
    {
        Span<byte> answer = stackalloc byte[StatXLength];
        if (NativeMethods.StatX(file, "", NativeMethods.EmptyPath, NativeMethods.TypeOfFile, answer) < 0)
            throw new IOException(Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));
        return (MemoryMarshal.Read<ushort>(answer[ModeOffset..]) & TypeMask) == Regular;
    }

    private static IOException Failure(int error, string path) => error switch
    {
        NativeMethods.Enoent or NativeMethods.Enotdir => new FileNotFoundException(null, path),
        NativeMethods.Enxio => NotRegular(),
        _ => new IOException(Marshal.GetPInvokeErrorMessage(error)),
    };

    private static IOException NotRegular() => new("it is a pipe, socket or device and no regular file");
}
