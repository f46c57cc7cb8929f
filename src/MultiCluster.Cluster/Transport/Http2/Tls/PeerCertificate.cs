using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using MultiCluster.Cluster.Transport.Http2.Handshake;

namespace MultiCluster.Cluster.Transport.Http2.Tls;

/// <summary>What is kept of a certificate whose chain has been verified.</summary>
/// <param name="Uris">Among its subject alternative names.</param>
public sealed record PeerCertificate(string Subject, ImmutableArray<string> Uris, DateTimeOffset NotAfter)
{
    private const string SubjectAlternativeName = "2.5.29.17";

    /// <summary>RFC 5280, 4.2.1.6: <c>uniformResourceIdentifier [6] IA5String</c>.</summary>
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    public bool Names(PeerIdentity identity) => Uris.Contains(identity.Uri, StringComparer.Ordinal);

    public bool NamesAny(string cluster, PeerRole role)
    {
        var prefix = PeerIdentity.UriPrefix(cluster, role);
        return Uris.Any(uri => uri.Length > prefix.Length && uri.StartsWith(prefix, StringComparison.Ordinal));
    }

    public override string ToString() => $"{Subject}, {(Uris.IsEmpty ? "no URI" : string.Join(' ', Uris))}";

    /// <exception cref="AsnContentException">The extension is broken.</exception>
    internal static PeerCertificate Of(X509Certificate2 certificate) => new(certificate.Subject, ReadUris(certificate), new DateTimeOffset(certificate.NotAfter));

    private static ImmutableArray<string> ReadUris(X509Certificate2 certificate)
    {
        if (certificate.Extensions.FirstOrDefault(static extension => extension.Oid?.Value == SubjectAlternativeName) is not { } extension)
            return [];
        var uris = ImmutableArray.CreateBuilder<string>();
        var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
        while (names.HasData)
        {
            if (names.PeekTag().HasSameClassAndValue(UriTag))
                uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, UriTag));
            else
                names.ReadEncodedValue();
        }
        return uris.ToImmutable();
    }
}
