using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MultiCluster.Model.Conditions;

namespace MultiCluster.Federation.Tls;

/// <summary>Private keys of server certificates: RSA and ECDSA.</summary>
internal static class PrivateKeys
{
    private const string Rsa = "1.2.840.113549.1.1.1";
    private const string EllipticCurve = "1.2.840.10045.2.1";

    /// <summary>OpenSSL refuses shorter ones at the security level that distributions ship.</summary>
    private const int MinRsaBits = 2048;

    public static KeyKind KindOf(X509Certificate2 leaf) => leaf.PublicKey.Oid.Value == Rsa ? KeyKind.Rsa : KeyKind.EllipticCurve;

    /// <summary>The key as PKCS #8, or why it can't serve <paramref name="leaf"/>.</summary>
    public static (byte[]? Pkcs8, CertificateReading.Invalid? Error) Match(X509Certificate2 leaf, Pem.Block key)
    {
        try
        {
            return leaf.PublicKey.Oid.Value switch
            {
                Rsa => MatchRsa(leaf, key),
                EllipticCurve => MatchEllipticCurve(leaf, key),
                _ => (null, Bad("the certificate's key is neither RSA nor ECDSA; issue it with one of these")),
            };
        }
        catch (Exception error) when (error is CryptographicException or NotSupportedException or ArgumentException)
        {
            return (null, Mismatch("tls.key can't be read as a key of the certificate's kind; store the key that the certificate was issued for"));
        }
    }

    private static (byte[]? Pkcs8, CertificateReading.Invalid? Error) MatchRsa(X509Certificate2 leaf, Pem.Block key)
    {
        using var wanted = leaf.GetRSAPublicKey() ?? throw new CryptographicException();
        if (wanted.KeySize < MinRsaBits)
            return (null, Bad($"the certificate's RSA key has {wanted.KeySize} bits; issue it with {MinRsaBits} or more, or with ECDSA"));
        using var rsa = RSA.Create();
        if (string.Equals(key.Label, "RSA PRIVATE KEY", StringComparison.Ordinal))
            rsa.ImportRSAPrivateKey(key.Der, out _);
        else if (string.Equals(key.Label, "PRIVATE KEY", StringComparison.Ordinal))
            rsa.ImportPkcs8PrivateKey(key.Der, out _);
        else
            throw new CryptographicException();
        return rsa.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(wanted.ExportSubjectPublicKeyInfo())
            ? (rsa.ExportPkcs8PrivateKey(), null)
            : (null, Mismatch());
    }

    private static (byte[]? Pkcs8, CertificateReading.Invalid? Error) MatchEllipticCurve(X509Certificate2 leaf, Pem.Block key)
    {
        using var wanted = leaf.GetECDsaPublicKey() ?? throw new CryptographicException();
        using var ecdsa = ECDsa.Create();
        if (string.Equals(key.Label, "EC PRIVATE KEY", StringComparison.Ordinal))
            ecdsa.ImportECPrivateKey(key.Der, out _);
        else if (string.Equals(key.Label, "PRIVATE KEY", StringComparison.Ordinal))
            ecdsa.ImportPkcs8PrivateKey(key.Der, out _);
        else
            throw new CryptographicException();
        return ecdsa.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(wanted.ExportSubjectPublicKeyInfo())
            ? (ecdsa.ExportPkcs8PrivateKey(), null)
            : (null, Mismatch());
    }

    private static CertificateReading.Invalid Bad(string message) => new(Reasons.InvalidCertificate, message);

    private static CertificateReading.Invalid Mismatch(
        string message = "tls.key is not the key of the first certificate in tls.crt; store the pair that belongs together, leaf first") =>
        new(Reasons.CertificateKeyMismatch, message);
}
