using System.Runtime.InteropServices;
using System.Text;

namespace MultiCluster.HAProxy.Runtime.Passwords;

/// <summary>crypt(3) of the C library or of libxcrypt, whichever this machine has; HAProxy itself knows the same hashes by it.</summary>
internal static unsafe class SystemCrypt
{
    /// <summary>More than struct crypt_data of glibc (131,232 bytes) and of libxcrypt (32,768).</summary>
    private const int DataBytes = 160 * 1024;

    /// <summary>libxcrypt under its two versions; musl has the function in its libc.</summary>
    private static readonly string[] Libraries = ["libcrypt.so.1", "libcrypt.so.2", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1"];

    private static readonly nint Function = Find();

    public static bool IsThere => Function != 0;

    /// <summary>Takes from a millisecond to a second of this thread, as the hash says.</summary>
    /// <returns>Null: it knows no such hash.</returns>
    public static string? Hash(ReadOnlySpan<byte> password, string setting)
    {
        var key = new byte[password.Length + 1];
        password.CopyTo(key);
        var salt = new byte[setting.Length + 1];
        Encoding.ASCII.GetBytes(setting, salt);
        var data = NativeMemory.AllocZeroed(DataBytes);
        try
        {
            fixed (byte* keyPointer = key, saltPointer = salt)
            {
                var hash = Marshal.PtrToStringAnsi((nint)((delegate* unmanaged<byte*, byte*, void*, byte*>)Function)(keyPointer, saltPointer, data));
                // "*0" and "*1" stand for failure.
                return hash is null || hash.StartsWith('*') ? null : hash;
            }
        }
        finally
        {
            // It holds what is left of the password.
            NativeMemory.Clear(data, DataBytes);
            NativeMemory.Free(data);
            Array.Clear(key);
        }
    }

    private static nint Find()
    {
        foreach (var library in Libraries)
        {
            if (NativeLibrary.TryLoad(library, out var handle) && NativeLibrary.TryGetExport(handle, "crypt_r", out var function))
                return function;
        }

        return 0;
    }
}
