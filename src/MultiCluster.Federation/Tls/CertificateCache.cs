using System.Runtime.CompilerServices;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Tls;

/// <summary>
/// Readings by the identity of the Secret's record: it is immutable, and kept by whoever watches it, so that a merge for
/// another reason parses nothing. An entry goes with its Secret. May be shared by threads.
/// </summary>
public sealed class CertificateCache
{
    private readonly ConditionalWeakTable<TlsSecretResource, CertificateReading> _readings = [];

    public CertificateReading Read(TlsSecretResource secret) => _readings.GetValue(secret, static key => CertificateReader.Read(key));

    internal static CertificateReading Read(TlsSecretResource secret, CertificateCache? cache) => cache?.Read(secret) ?? CertificateReader.Read(secret);
}
