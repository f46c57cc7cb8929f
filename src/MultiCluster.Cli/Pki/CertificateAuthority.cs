using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MultiCluster.Cli.Pki;

/// <param name="Certificate">PEM.</param>
/// <param name="Key">PEM, not encrypted.</param>
internal sealed record KeyPair(string Certificate, string Key);

/// <summary>Signs certificates; all keys are of P-256.</summary>
internal sealed class CertificateAuthority : IDisposable
{
    private const int SerialBytes = 16;

    /// <summary>For clocks of others that are behind.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    private readonly ECDsa _key;

    private CertificateAuthority(X509Certificate2 certificate, ECDsa key) => (Certificate, _key) = (certificate, key);

    public X509Certificate2 Certificate { get; }

    public string KeyPem => _key.ExportPkcs8PrivateKeyPem();

    public static CertificateAuthority Create(DateTimeOffset now, TimeSpan lifetime)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var identifier = new X509SubjectKeyIdentifierExtension(new PublicKey(key), critical: false);
        // One name each, so that of two in one file it is never in doubt which one has signed.
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName($"multicluster authority {identifier.SubjectKeyIdentifier![..8].ToLowerInvariant()}");
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(identifier);
        return new CertificateAuthority(request.CreateSelfSigned(now - Skew, now + lifetime), key);
    }

    /// <param name="bundle">Whose certificate it is the key of is found there.</param>
    /// <returns>Null: none of them.</returns>
    public static CertificateAuthority? Find(string keyPem, X509Certificate2Collection bundle)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(keyPem);
        var own = key.ExportSubjectPublicKeyInfo();
        var certificate = bundle.FirstOrDefault(certificate => certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(own));
        if (certificate is not null)
            return new CertificateAuthority(certificate, key);
        key.Dispose();
        return null;
    }

    /// <summary>With a key of its own, which lives no longer than the certificate; and that no longer than the authority.</summary>
    public KeyPair Issue(CertificateProfile profile, DateTimeOffset now, TimeSpan lifetime)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(profile.Subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        foreach (var extension in profile.Extensions)
            request.CertificateExtensions.Add(extension);
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var end = new[] { now + lifetime, new DateTimeOffset(Certificate.NotAfter) }.Min();
        using var issued = request.Create(
            Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), now - Skew, end, RandomNumberGenerator.GetBytes(SerialBytes));
        return new KeyPair(issued.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Whatever the time is: what has ended is to be made anew.</summary>
    public static bool HasSigned(X509Certificate2 authority, X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        return chain.Build(certificate);
    }

    public void Dispose() => _key.Dispose();
}
