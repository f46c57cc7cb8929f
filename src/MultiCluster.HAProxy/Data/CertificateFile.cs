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
/// <param name="Handshake">How connections to the hosts are made; null: as the program makes them.</param>
public sealed record CertificateFile(string FileName, Certificate Certificate, EquatableArray<string> Hosts, Handshake? Handshake = null)
{
    /// <summary>In characters; <see cref="Split"/> makes several files where the hosts need more.</summary>
    public const int MaxHostsLength = ProgramRenderer.BufferSize / 2;

    /// <summary>Null when HAProxy can be given this certificate, else why not.</summary>
    public static string? Refuse(Certificate certificate)
    {
        if (certificate.Pem.Length > Certificate.MaxPemLength)
            return $"the PEM of chain and key is {certificate.Pem.Length} bytes long; HAProxy's Runtime API takes {Certificate.MaxPemLength}: leave out unneeded intermediates or names";
        if (!SafeText.IsPem(certificate.Pem.Reveal().Span))
            return "the PEM holds an empty line or something that is neither base64 nor its framing";
        if (certificate.Fingerprint.Length < 32 || !SafeText.IsName(certificate.Fingerprint))
            return "the fingerprint is not hexadecimal";
        return certificate.Others.Select(Refuse).FirstOrDefault(static reason => reason is not null);
    }

    public static CertificateFile Create(Certificate certificate, IEnumerable<string> hosts, Handshake? handshake = null)
    {
        var sorted = hosts.Where(static host => SafeText.IsHost(host)).Order(StringComparer.Ordinal).ToEquatableArray();
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', handshake is null ? sorted : [handshake.Digest, .. sorted])));
        var name = $"certs/{certificate.Fingerprint[..32]}-{Convert.ToHexStringLower(digest)[..16]}.pem";
        return new CertificateFile(name, certificate, sorted, handshake);
    }

    /// <summary>As few files as <see cref="MaxHostsLength"/> allows.</summary>
    public static IEnumerable<CertificateFile> Split(Certificate certificate, IEnumerable<string> hosts, Handshake? handshake = null)
    {
        var part = new List<string>();
        var length = 0;
        foreach (var host in hosts.Order(StringComparer.Ordinal))
        {
            if (length + host.Length >= MaxHostsLength)
            {
                yield return Create(certificate, part, handshake);
                part.Clear();
                length = 0;
            }

            part.Add(host);
            length += host.Length + 1;
        }

        if (part.Count > 0)
            yield return Create(certificate, part, handshake);
    }

    /// <summary>Line of the certificate list.</summary>
    public string ListLine(ProgramPaths paths) => $"{paths.Full(FileName)}{Handshake?.Options(paths)} {string.Join(' ', Hosts)}";
}
