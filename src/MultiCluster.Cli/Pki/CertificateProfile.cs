using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MultiCluster.Cli.Pki;

/// <summary>What a certificate says of its holder; how long, and by whom, is its authority's.</summary>
/// <param name="Extensions">Alternative names, if any, and what the certificate may be used for.</param>
internal sealed record CertificateProfile(X500DistinguishedName Subject, IReadOnlyList<X509Extension> Extensions)
{
    private const string AlternativeNames = "2.5.29.17";
    private const string Usages = "2.5.29.37";

    private static readonly Oid Server = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid Client = new("1.3.6.1.5.5.7.3.2");

    /// <summary>Controllers and proxies know each other by the URI. Both dial and answer, and the admin API may show the same certificate.</summary>
    /// <param name="role">node or proxy.</param>
    /// <param name="hosts">DNS names and IP addresses.</param>
    public static CertificateProfile OfProcess(string cluster, string role, string name, IEnumerable<string> hosts)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri($"multicluster://{cluster}/{role}/{name}"));
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
                names.AddIpAddress(address);
            else
                names.AddDnsName(host);
        }

        return new CertificateProfile(Named(name, role: null), [names.Build(), Usage(Server, Client)]);
    }

    /// <summary>Somebody who calls the admin API, with the role that the organizational unit names. Without a URI it is no part of a cluster.</summary>
    public static CertificateProfile OfUser(string name, string role) => new(Named(name, role), [Usage(Client)]);

    /// <summary>The same once more.</summary>
    public static CertificateProfile Of(X509Certificate2 issued) =>
        new(issued.SubjectName, [.. issued.Extensions.Where(static extension => extension.Oid?.Value is AlternativeNames or Usages)]);

    private static X509EnhancedKeyUsageExtension Usage(params Oid[] usages) => new([.. usages], critical: false);

    private static X500DistinguishedName Named(string name, string? role)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        if (role is not null)
            subject.AddOrganizationalUnitName(role);
        return subject.Build();
    }
}
