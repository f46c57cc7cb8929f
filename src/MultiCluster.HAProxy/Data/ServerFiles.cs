using System.Text;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Security;

namespace MultiCluster.HAProxy.Data;

/// <summary>Files that servers are verified by, and that they are shown. Their names are digests of their content.</summary>
/// <param name="IsBad">Servers could not be verified as they are to be.</param>
public sealed record ServerFiles(TrustFile? Authorities, TrustFile? Revoked, CertificateFile? Identity, bool IsBad)
{
    public const string IdentityPrefix = "certs/own-";

    public const string Suffix = ".pem";

    private const int DigestLength = 32;

    public static ServerFiles Of(ServerTls tls)
    {
        var authorities = tls.Authorities is { } certificates ? TrustFile.Create(TrustKind.Authorities, certificates) : null;
        var revoked = tls.Revoked is { } lists ? TrustFile.Create(TrustKind.Revocations, lists) : null;
        return new ServerFiles(authorities, revoked, IdentityOf(tls.Identity), (tls.Authorities is not null && authorities is null) || (tls.Revoked is not null && revoked is null));
    }

    public static bool IsIdentity(string fileName) => fileName.StartsWith(IdentityPrefix, StringComparison.Ordinal);

    public static string AuthoritiesFile(string digest) => TrustFile.NameOf(TrustKind.Authorities, digest);

    public static string RevokedFile(string digest) => TrustFile.NameOf(TrustKind.Revocations, digest);

    private static CertificateFile? IdentityOf(ServerIdentity? identity)
    {
        if (identity is null)
            return null;
        var certificate = new Certificate(identity.Fingerprint, new Secret(Encoding.ASCII.GetBytes(identity.Pem)), DateTimeOffset.MinValue, DateTimeOffset.MaxValue, []);
        return CertificateFile.Refuse(certificate) is null && identity.Fingerprint.All(char.IsAsciiHexDigitLower)
            ? new CertificateFile($"{IdentityPrefix}{identity.Fingerprint[..DigestLength]}{Suffix}", certificate, [])
            : null;
    }
}
