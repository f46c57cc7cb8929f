using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Cluster.Transport.Http2.Tls;

namespace MultiCluster.Cluster.Tests.Transport.Http2.Support;

/// <summary>An authority and the files of those it vouches for.</summary>
internal sealed class TestPki : IDisposable
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mc-pki-");
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private X509Certificate2 _authority;

    public TestPki() => _authority = NewAuthority();

    public string AuthorityPem => _authority.ExportCertificatePem();

    public static string NodeUri(string name) => $"multicluster://test/node/{name}";

    /// <summary>From here on another authority signs.</summary>
    public void ReplaceAuthority()
    {
        _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _authority = NewAuthority();
    }

    /// <param name="uri">Null: no alternative names.</param>
    /// <param name="days">Until it expires; negative: it has.</param>
    public TlsFiles Issue(string name, string? uri, double days = 1, string? trusts = null, string use = $"{ServerUse} {ClientUse}")
    {
        var files = new TlsFiles(PathOf($"{name}.crt"), PathOf($"{name}.key"), PathOf($"{name}.ca"));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        if (uri is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("unrelated.example");
            names.AddUri(new Uri(uri));
            request.CertificateExtensions.Add(names.Build());
        }
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. use.Split(' ').Select(static oid => new Oid(oid))], false));
        using var issued = request.Create(_authority, _now.AddDays(-10), _now.AddDays(days), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(files.Certificate, issued.ExportCertificatePem());
        File.WriteAllText(files.Key, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(files.Authority, trusts ?? AuthorityPem);
        return files;
    }

    /// <summary>Changes whom <paramref name="name"/> believes, and nothing else.</summary>
    public void Trust(string name, string authorities) => File.WriteAllText(PathOf($"{name}.ca"), authorities);

    public TransportTls Node(string name) => Load(Issue(name, NodeUri(name)));

    public static TransportTls Load(TlsFiles files, LogRecorder? log = null)
    {
        var (tls, error) = TransportTls.Load(files, TimeProvider.System, log ?? (Microsoft.Extensions.Logging.ILoggerFactory)NullLoggerFactory.Instance);
        Assert.True(tls is not null, error);
        return tls;
    }

    public void Dispose()
    {
        _key.Dispose();
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);

    private X509Certificate2 NewAuthority()
    {
        var request = new CertificateRequest($"CN=authority {Guid.NewGuid():n}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(_now.AddDays(-20), _now.AddDays(20));
    }
}
