using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MultiCluster.TestKit.FakeApiServer;

/// <summary>A cluster's own authority with a certificate for the server and one for the client.</summary>
internal sealed class FakePki : IDisposable
{
    private readonly ConcurrentDictionary<string, bool> _accepted = new(StringComparer.Ordinal);
    private readonly DateTimeOffset _from;
    private X509Certificate2 _authority;
    private X509Certificate2? _next;

    public FakePki(DateTimeOffset now)
    {
        _from = now.AddHours(-1);
        _authority = NewAuthority();
        Server = IssueServer();
        Client = IssueClient();
    }

    /// <summary>By the authority of now.</summary>
    public X509Certificate2 Server { get; private set; }

    public X509Certificate2 Client { get; }

    public string AuthorityPem => _authority.ExportCertificatePem();

    /// <summary>Of the authority that <see cref="ReplaceAuthority"/> goes on with.</summary>
    public string NextAuthorityPem => (_next ??= NewAuthority()).ExportCertificatePem();

    public bool IsOurs(X509Certificate2? certificate) => certificate is not null && _accepted.ContainsKey(certificate.Thumbprint);

    public X509Certificate2 IssueClient()
    {
        var issued = Issue("O=system:masters, CN=test", "1.3.6.1.5.5.7.3.2");
        _accepted[issued.Thumbprint] = true;
        return issued;
    }

    /// <summary>The server's certificate is by the next authority from now on. Who has been let in by a certificate still is.</summary>
    public void ReplaceAuthority()
    {
        Server.Dispose();
        _authority.Dispose();
        (_authority, _next) = (_next ?? NewAuthority(), null);
        Server = IssueServer();
    }

    public void Revoke(X509Certificate2 certificate) => _accepted.TryRemove(certificate.Thumbprint, out _);

    public void Dispose()
    {
        Server.Dispose();
        Client.Dispose();
        _authority.Dispose();
        _next?.Dispose();
    }

    private X509Certificate2 NewAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=fake-ca", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(_from, _from.AddYears(1));
    }

    private X509Certificate2 IssueServer() => Issue("CN=fake-apiserver", "1.3.6.1.5.5.7.3.1");

    private X509Certificate2 Issue(string subject, string usage)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        names.AddDnsName("kubernetes");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));

        // As Kubernetes' own tools do: old and new authority of a cluster have one name.
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_authority, true, false));
        using var issued = request.Create(_authority, _from, _from.AddMonths(11), RandomNumberGenerator.GetBytes(8));
        using var complete = issued.CopyWithPrivateKey(key);

        // Through PFX, so that the key lives as long as the certificate.
        return X509CertificateLoader.LoadPkcs12(complete.Export(X509ContentType.Pfx), null, X509KeyStorageFlags.Exportable);
    }
}
