using System.Net.Sockets;

namespace MultiCluster.HAProxy.Runtime.Sockets;

/// <summary>Sockets that HAProxy finds the agent at.</summary>
internal static class UnixListening
{
    /// <param name="forOthers">HAProxy runs as another user; the directory must let it pass.</param>
    public static async Task<Outcome<Socket>> OpenAsync(string path, bool forOthers, int backlog, CancellationToken cancellationToken)
    {
        if ((UnixSocketPath.Problem(path) ?? await UnixSocketPath.RemoveStaleAsync(path, cancellationToken)) is { } problem)
            return new Failure(problem);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            File.SetUnixFileMode(path, forOthers ? Own | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite : Own);
            socket.Listen(backlog);
            return socket;
        }
        catch (Exception failure) when (failure is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            return new Failure(failure.Message);
        }
    }
}
