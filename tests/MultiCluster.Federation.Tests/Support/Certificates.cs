using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Security;

namespace MultiCluster.Federation.Tests.Support;

/// <summary>Self-signed pairs as PEM.</summary>
internal static class Certificates
{
    public static (string Certificate, string Key) Ecdsa(
        string[] names, DateTimeOffset? from = null, DateTimeOffset? until = null, string commonName = "test", bool sec1 = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={commonName}", key, HashAlgorithmName.SHA256);
        return (Sign(request, names, from, until), sec1 ? key.ExportECPrivateKeyPem() : key.ExportPkcs8PrivateKeyPem());
    }

    public static (string Certificate, string Key) Rsa(string[] names, int bits = 2048, bool pkcs1 = false)
    {
        using var key = RSA.Create(bits);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return (Sign(request, names, null, null), pkcs1 ? key.ExportRSAPrivateKeyPem() : key.ExportPkcs8PrivateKeyPem());
    }

    public static TlsSecretResource Secret(string name, (string Certificate, string Key) pair) => new(Make.Meta(Make.Key(name)))
    {
        CertificatePem = Model.Security.Secret.FromText(pair.Certificate),
        PrivateKeyPem = Model.Security.Secret.FromText(pair.Key),
    };

    /// <summary>As it is read from a member.</summary>
    public static DataSecretResource Stored(string name, (string Certificate, string Key) pair) => Make.Secret(name, ("tls.crt", pair.Certificate), ("tls.key", pair.Key)) with
    {
        Type = TlsSecretResource.SecretType,
    };

    private static string Sign(CertificateRequest request, string[] names, DateTimeOffset? from, DateTimeOffset? until)
    {
        var alternative = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
            alternative.AddDnsName(name);
        if (names.Length > 0)
            request.CertificateExtensions.Add(alternative.Build());
        using var certificate = request.CreateSelfSigned(from ?? Make.Day(1), until ?? Make.Day(1).AddYears(5));
        return certificate.ExportCertificatePem();
    }
}
