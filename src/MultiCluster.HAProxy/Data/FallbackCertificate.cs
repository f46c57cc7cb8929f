using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Security;

namespace MultiCluster.HAProxy.Data;

/// <summary>
/// What names are served with that no Secret covers, as a certificate like others: a host whose connections are made in a way of its own needs a
/// line of its own in the certificate list, and with it a file of its own.
/// </summary>
public static class FallbackCertificate
{
    private const int Sha1Length = 40;

    /// <param name="held">See <see cref="ActualData.DefaultCertificate"/>.</param>
    public static bool Is(Certificate wanted, string? held) => held is not null && (held == wanted.Fingerprint || (held.Length == Sha1Length && string.Equals(held, LeafOf(wanted), StringComparison.OrdinalIgnoreCase)));

    /// <summary>Hexadecimal SHA-1 of the leaf; null for what is no certificate.</summary>
    private static string? LeafOf(Certificate certificate)
    {
        try
        {
            using var leaf = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(certificate.Pem.Reveal().Span));
            return leaf.Thumbprint;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <returns>Null for what can't be given at run time: such hosts are then served as all others are.</returns>
    public static Certificate? Of(string pem)
    {
        var text = Encoding.ASCII.GetBytes(string.Join('\n', pem.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) + "\n");
        var certificate = new Certificate(Convert.ToHexStringLower(SHA256.HashData(text)), new Secret(text), DateTimeOffset.MinValue, DateTimeOffset.MaxValue, []);
        return CertificateFile.Refuse(certificate) is null ? certificate : null;
    }
}
