using System.Buffers;
using System.Net.Sockets;
using System.Text;

namespace MultiCluster.HAProxy.Runtime.Sockets;

public static class UnixSocketPath
{
    /// <summary>
    /// sun_path holds 108 bytes with its closing NUL (unix(7)), and HAProxy binds to a temporary name of up to ten bytes more
    /// before it renames.
    /// </summary>
    public const int MaxBytes = 97;

    private static readonly SearchValues<char> Syntax = SearchValues.Create(" ,@\t\r\n\"'\\#$;<>%{}[]");

    /// <summary>Null, or why HAProxy could not listen at <paramref name="path"/>.</summary>
    public static string? Problem(string path)
    {
        var length = Encoding.UTF8.GetByteCount(path);
        if (length > MaxBytes)
            return $"The socket path {path} has {length} bytes, {MaxBytes} are possible: choose a shorter state directory.";
        return path.AsSpan().IndexOfAny(Syntax) is var at and >= 0
            ? $"The socket path {path} holds the character '{path[at]}', which HAProxy reads as syntax: choose another state directory."
            : null;
    }

    /// <summary>Removes the file of a socket that nobody listens on any more; leaves anything else alone.</summary>
    /// <returns>Null, or why the path cannot be used.</returns>
    public static async Task<string?> RemoveStaleAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            return null;

        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return $"Another process listens on {path}.";
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return Remove(path);
        }
        catch (SocketException other)
        {
            return $"{path} can be neither used nor removed: {other.Message}";
        }
    }

    private static string? Remove(string path)
    {
        // Connecting to a regular file is refused too.
        if (new FileInfo(path).Length > 0 || Directory.Exists(path))
            return $"{path} is not a socket: remove it or choose another path.";
        try
        {
            File.Delete(path);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"The stale socket {path} can't be removed: {failure.Message}";
        }
    }
}
