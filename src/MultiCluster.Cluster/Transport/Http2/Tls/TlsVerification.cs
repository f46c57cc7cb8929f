using System.Formats.Asn1;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace MultiCluster.Cluster.Transport.Http2.Tls;

/// <summary>Verifies the other side of one connection, and keeps what came of it.</summary>
/// <param name="judge">What else the certificate must say; null: nothing is wrong with it.</param>
internal sealed class TlsVerification(Func<PeerCertificate, LinkError?> judge, Action<LinkError>? refused = null)
{
    private volatile PeerCertificate? _peer;
    private volatile LinkError? _error;

    /// <summary>Null before the certificate has been verified, and if it was refused.</summary>
    public PeerCertificate? Peer => _peer;

    public LinkError? Error => _error;

    public bool Verify(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var (peer, error) = Examine(certificate, chain, errors);
        if (error is null)
        {
            _peer = peer;
            return true;
        }
        _error = error;
        refused?.Invoke(error);
        return false;
    }

    private (PeerCertificate? Peer, LinkError? Error) Examine(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 leaf)
            return (null, new LinkError(LinkErrorCode.Tls, "the peer has sent no certificate"));
        // Addresses say nothing about names here: pods and proxies move. The certificate's URI does.
        if ((errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) != SslPolicyErrors.None)
            return (null, new LinkError(LinkErrorCode.Tls, $"the peer's certificate {leaf.Subject} (valid from {leaf.NotBefore.ToUniversalTime():u} to {leaf.NotAfter.ToUniversalTime():u}) is not accepted: {Reasons(chain, errors)}"));
        try
        {
            var peer = PeerCertificate.Of(leaf);
            return (peer, judge(peer));
        }
        catch (AsnContentException broken)
        {
            return (null, new LinkError(LinkErrorCode.Identity, $"the names in the peer's certificate {leaf.Subject} can't be read: {broken.Message}"));
        }
    }

    private static string Reasons(X509Chain? chain, SslPolicyErrors errors)
    {
        var reasons = chain?.ChainStatus.Select(static status => status.StatusInformation.Trim().TrimEnd('.')).Where(static text => text.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        return reasons is { Count: > 0 } ? string.Join("; ", reasons) : errors.ToString();
    }
}
