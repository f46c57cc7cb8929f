using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using MultiCluster.Cluster.Transport.Http2.Handshake;
using MultiCluster.Cluster.Transport.Http2.Tls;

namespace MultiCluster.Cluster.Transport.Http2.Server;

/// <summary>Makes a listener of Kestrel fit for streams between peers.</summary>
public static class TransportKestrel
{
    private const int WindowBytes = 1024 * 1024;

    /// <summary>
    /// Limits of the whole server: pings that notice a dead peer, and no minimal rate for responses, since Kestrel would cut the
    /// connection of a peer that reads slowly, where its stream's queue shall fill instead.
    /// </summary>
    public static KestrelServerOptions UseTransportLimits(this KestrelServerOptions server, TransportLimits limits)
    {
        server.AddServerHeader = false;
        server.Limits.MinResponseDataRate = null;
        server.Limits.Http2.KeepAlivePingDelay = limits.PingDelay;
        server.Limits.Http2.KeepAlivePingTimeout = limits.PingTimeout;
        server.Limits.Http2.InitialStreamWindowSize = WindowBytes;
        server.Limits.Http2.InitialConnectionWindowSize = 2 * WindowBytes;
        return server;
    }

    /// <summary>HTTP/2 only; with mutual TLS unless <see cref="TransportOptions.Tls"/> is null.</summary>
    public static ListenOptions UseTransport(this ListenOptions listener, TransportOptions options)
    {
        listener.Protocols = HttpProtocols.Http2;
        if (options.Tls is { } tls)
        {
            listener.UseHttps(new TlsHandshakeCallbackOptions
            {
                HandshakeTimeout = options.Limits.HandshakeTimeout,
                OnConnection = context =>
                {
                    var remote = context.Connection.RemoteEndPoint is System.Net.IPEndPoint ip ? ip.Address.ToString() : "unix";
                    var verification = new TlsVerification(certificate => BelongsTo(options.ClusterName, certificate), error => tls.Refused(remote, error));
                    context.Connection.Items[typeof(TlsVerification)] = verification;
                    return ValueTask.FromResult(tls.ForServer(verification));
                },
            });
        }
        return listener;
    }

    /// <summary>Who it is exactly is compared with the hello.</summary>
    private static LinkError? BelongsTo(string cluster, PeerCertificate certificate) =>
        Enum.GetValues<PeerRole>().Any(role => certificate.NamesAny(cluster, role))
            ? null
            : new LinkError(LinkErrorCode.Identity, $"the peer's certificate ({certificate}) names nothing of cluster '{cluster}': its subject alternative names need a URI such as {PeerIdentity.UriPrefix(cluster, PeerRole.Node)}NAME");
}
