using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>
/// Clients with certificates, for cases: ann and bob are of one authority, which has taken back bob's, and kim of one that it has signed; eve is of another. Words such as
/// <c>{ca.crt}</c> stand for what of theirs only a run knows.
/// </summary>
internal sealed class ClientIdentities
{
    private static readonly DateTimeOffset From = TimeProvider.System.GetUtcNow().AddHours(-1);

    private readonly Dictionary<string, X509Certificate2> _certificates = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _words = new(StringComparer.Ordinal);

    private ClientIdentities()
    {
        using var authority = Authority("CN=clients");
        using var others = Authority("CN=others");
        using var second = Authority("CN=second", authority);
        Add("ann", "CN=ann, O=Shop", authority);
        Add("bob", "CN=bob, O=Shop", authority);
        Add("kim", "CN=kim, O=Shop", second);
        Add("eve", "CN=ann, O=Shop", others);
        var revoked = new CertificateRevocationListBuilder();
        revoked.AddEntry(_certificates["bob"]);
        var list = revoked.Build(authority, 1, From.AddDays(10), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, From);
        _words.Add("{ca.crt}", Encoded(authority.ExportCertificatePem()));
        _words.Add("{chain.crt}", Encoded($"{authority.ExportCertificatePem()}\n{second.ExportCertificatePem()}\n"));
        _words.Add("{others.crt}", Encoded(others.ExportCertificatePem()));
        _words.Add("{ca.crl}", Encoded(PemEncoding.WriteString("X509 CRL", list)));
    }

    public static ClientIdentities Shared { get; } = new();

    public X509Certificate2 this[string name] => _certificates[name];

    public string Fill(string text)
    {
        if (!text.Contains('{', StringComparison.Ordinal))
            return text;
        foreach (var (word, value) in _words)
            text = text.Replace(word, value, StringComparison.Ordinal);
        return text;
    }

    /// <param name="by">Who signs it; null for itself.</param>
    private static X509Certificate2 Authority(string name, X509Certificate2? by = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        if (by is null)
            return request.CreateSelfSigned(From, From.AddDays(30));
        using var issued = request.Create(by, From, From.AddDays(25), RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }

    private void Add(string name, string subject, X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        using var issued = request.Create(authority, From, From.AddDays(20), RandomNumberGenerator.GetBytes(8));
        using var complete = issued.CopyWithPrivateKey(key);
        var certificate = X509CertificateLoader.LoadPkcs12(complete.Export(X509ContentType.Pfx), null);
        _certificates.Add(name, certificate);
        var der = certificate.RawData;
#pragma warning disable CA5350 // What the controllers tell endpoints.
        _words.Add($"{{{name}.sha1}}", Convert.ToHexString(SHA1.HashData(der)));
        _words.Add($"{{{name}.sha1-lower}}", Convert.ToHexStringLower(SHA1.HashData(der)));
#pragma warning restore CA5350
        _words.Add($"{{{name}.sha256-lower}}", Convert.ToHexStringLower(SHA256.HashData(der)));
        _words.Add($"{{{name}.der}}", Convert.ToBase64String(der));
        _words.Add($"{{{name}.pem}}", Uri.EscapeDataString(certificate.ExportCertificatePem() + "\n"));
    }

    private static string Encoded(string pem) => Convert.ToBase64String(Encoding.ASCII.GetBytes(pem));
}
