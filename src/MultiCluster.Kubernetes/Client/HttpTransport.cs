using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace MultiCluster.Kubernetes.Client;

/// <summary>Makes the connections that a <see cref="KubeConfig"/> asks for.</summary>
internal static class HttpTransport
{
    public static HttpClient CreateClient(KubeConfig config, ConnectionTiming timing)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = timing.ConnectTimeout,
            EnableMultipleHttp2Connections = true,

            // A dead HTTP/2 connection is found here; HTTP/1.1 has only the watch's own clock.
            KeepAlivePingDelay = timing.PingAfter,
            KeepAlivePingTimeout = timing.PingTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            SslOptions = TlsOptions(config),
        };
        if (config.ProxyUrl is { } proxy)
            handler.Proxy = new WebProxy(UserInfo.Without(proxy)) { Credentials = UserInfo.Of(proxy) };
        else if (config.Server.IsLoopback)
            handler.UseProxy = false;
        return new HttpClient(handler)
        {
            BaseAddress = config.Server,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    private static SslClientAuthenticationOptions TlsOptions(KubeConfig config)
    {
        var options = new SslClientAuthenticationOptions();
        if (config.ClientCertificate is { } certificate)
            options.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
        if (config.InsecureSkipTlsVerify)
        {
            // The user asked for it by its name, insecure-skip-tls-verify.
#pragma warning disable CA5359, MA0039
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359, MA0039
        }
        else if (config.CertificateAuthorities.Count > 0)
        {
            options.CertificateChainPolicy = ChainPolicy(config.CertificateAuthorities);
        }

        return options;
    }

    /// <summary>The cluster's own roots instead of the machine's; such roots publish no revocation lists.</summary>
    private static X509ChainPolicy ChainPolicy(IReadOnlyList<X509Certificate2> roots)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(roots.ToArray());
        return policy;
    }
}
