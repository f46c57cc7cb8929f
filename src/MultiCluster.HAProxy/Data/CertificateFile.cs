using System.Security.Cryptography;
using System.Text;
using MultiCluster.HAProxy.Program;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Data;

/// <summary>
/// One certificate with the hosts it serves, as one file and one line of the certificate list. The name holds a digest of
/// both, so any change is a new file beside the old one and never a file whose meaning changed.
/// </summary>
/// <param name="FileName">Relative path.</param>
/// <param name="Hosts">SNI filters: exact or "*.rest" (one label, as in an Ingress); sorted.</param>
public sealed record CertificateFile(string FileName, Certificate Certificate, EquatableArray<string> Hosts)
{
    public static CertificateFile Create(Certificate certificate, IEnumerable<string> hosts)
    {
        var sorted = hosts.Where(static host => SafeText.IsKey(host)).Order(StringComparer.Ordinal).ToEquatableArray();
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', sorted)));
        var name = $"certs/{certificate.Fingerprint[..16]}-{Convert.ToHexStringLower(digest)[..16]}.pem";
        return new CertificateFile(name, certificate, sorted);
    }

    /// <summary>Line of the certificate list.</summary>
    public string ListLine(ProgramPaths paths) => $"{paths.Full(FileName)} {string.Join(' ', Hosts)}";
}
