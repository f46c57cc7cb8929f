using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MultiCluster.Acme.Http;

public static class AcmeHandlers
{
    /// <summary>For an authority on the Internet: trusts what the machine trusts, follows no redirect, uses the environment's proxy.</summary>
    public static SocketsHttpHandler Create() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = System.Net.DecompressionMethods.All,
        // A long life would outlive a change of the authority's addresses.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(15),
    };

    /// <summary>For a private authority: only the given roots are trusted.</summary>
    /// <param name="rootsPem">One or more certificates.</param>
    public static AcmeResult<SocketsHttpHandler> Create(string rootsPem)
    {
        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPem(rootsPem);
        }
        catch (CryptographicException)
        {
            roots.Clear();
        }

        if (roots.Count == 0)
            return new AcmeError(AcmeErrorKind.Invalid, "the ACME server's roots hold no PEM block CERTIFICATE that can be read");
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(roots);
        var handler = Create();
        handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        return handler;
    }
}
