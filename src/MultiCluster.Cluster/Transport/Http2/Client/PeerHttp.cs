using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using MultiCluster.Cluster.Transport.Http2.Tls;

namespace MultiCluster.Cluster.Transport.Http2.Client;

/// <summary>The HTTP stack of one connection to a peer.</summary>
internal static class PeerHttp
{
    private const int WindowBytes = 1024 * 1024;

    /// <summary>One per connection: the next one reads the certificate's files again, and nothing is shared whose failure would be.</summary>
    /// <param name="reached">Called when there is a socket.</param>
    public static SocketsHttpHandler Handler(PeerAddress address, TransportOptions options, TlsVerification verification, Action reached)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = options.Limits.ConnectTimeout,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
            KeepAlivePingDelay = options.Limits.PingDelay,
            KeepAlivePingTimeout = options.Limits.PingTimeout,
            InitialHttp2StreamWindowSize = WindowBytes,
            ConnectCallback = async (_, cancellation) =>
            {
                var stream = await ConnectAsync(address, loopbackOnly: options.Tls is null, cancellation);
                reached();
                return stream;
            },
        };
        if (options.Tls is { } tls)
            handler.SslOptions = tls.ForClient(address.Host ?? "localhost", verification);
        return handler;
    }

    private static async ValueTask<Stream> ConnectAsync(PeerAddress address, bool loopbackOnly, CancellationToken cancellation)
    {
        var socket = address.Path is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            if (address.Path is { } path)
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            else
                await socket.ConnectAsync(address.Host!, address.Port, cancellation);
            // "localhost" is a name like any other to the resolver.
            if (loopbackOnly && socket.RemoteEndPoint is IPEndPoint { Address: var reached } && !PeerAddress.IsLoopback(reached))
                throw new IOException($"{address} is {reached}, which is not loopback: without TLS nothing else is dialled");
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
