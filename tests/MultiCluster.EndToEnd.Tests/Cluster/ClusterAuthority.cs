using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MultiCluster.EndToEnd.Tests.Cluster;

/// <summary>Signs the certificates by which controllers and proxies of one cluster know each other.</summary>
internal sealed class ClusterAuthority : IDisposable
{
    private readonly string _folder;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    public ClusterAuthority(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        var request = new CertificateRequest("CN=cluster authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        _certificate = request.CreateSelfSigned(_now.AddHours(-1), _now.AddDays(2));
        File.WriteAllText(Authority, _certificate.ExportCertificatePem());
    }

    private string Authority => Path.Combine(_folder, "authority.pem");

    /// <summary>Issues a certificate and returns the block of the configuration file that names it.</summary>
    /// <param name="role">node or proxy.</param>
    public string ConfigurationOf(string cluster, string role, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri($"multicluster://{cluster}/{role}/{name}"));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        using var issued = request.Create(_certificate, _now.AddMinutes(-30), _now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        var (certificate, keyFile) = (Path.Combine(_folder, $"{role}-{name}.pem"), Path.Combine(_folder, $"{role}-{name}.key"));
        File.WriteAllText(certificate, issued.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return $$"""cluster.tls { certificate = "{{certificate}}", key = "{{keyFile}}", authority = "{{Authority}}" }""";
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }
}
