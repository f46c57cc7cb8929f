namespace MultiCluster.Model.Policies;

public enum ClientVerification
{
    Required,

    /// <summary>Who shows none is let in; one that is not good is refused.</summary>
    Optional,

    /// <summary>As above, and any issuer will do: endpoints are told and have to look themselves.</summary>
    AnyIssuer,
}

/// <summary>Who tells endpoints about certificates in whose words: names and forms of headers, and codes of refusals.</summary>
public enum CertificateDialect
{
    Community,

    Nginx,
}

/// <summary>Who signs certificates of clients.</summary>
/// <param name="Name">namespace/name of the Secret.</param>
/// <param name="Certificates">PEM of ours, at least one.</param>
/// <param name="Revoked">PEM of revocation lists of ours; empty: none.</param>
public sealed record ClientAuthorities(string Name, string Certificates, string Revoked);

/// <summary>Clients show a certificate when they connect, and who may ask depends on it.</summary>
/// <param name="ErrorPage">Where who is refused is sent, http or https; null: told so.</param>
/// <param name="SubjectPattern">Has to match the subject, as RFC 2253 writes it, in the form of <see cref="SafePattern"/>; null: any will do.</param>
/// <param name="TellsCertificate">Endpoints get the certificate itself, too.</param>
public sealed record ClientCertificates(
    ClientVerification Verification,
    ClientAuthorities Authorities,
    CertificateDialect Dialect,
    string? ErrorPage,
    string? SubjectPattern,
    bool TellsCertificate)
{
    /// <summary>
    /// The host is another namespace's, whose word its connections are made by. Demanded of the route's requests all the same, it lets in nobody
    /// whom they don't know.
    /// </summary>
    public bool IsOfRouteOnly { get; init; }

    /// <summary>Fingerprints are written in lower case.</summary>
    public bool LowerFingerprints { get; init; }

    /// <summary>224, 256, 384 or 512: a fingerprint by SHA-2, too.</summary>
    public int? Sha2Bits { get; init; }
}

/// <summary>TLS of the route's host is passed on unread to the route's endpoints; the route is that of the host's "/".</summary>
/// <param name="HttpPort">Port of the Service that requests in clear text go to; null: the route's own.</param>
public sealed record TlsPassthrough(int? HttpPort);

/// <summary>How TLS is spoken with the clients of a route's host. Null: as the program does.</summary>
public sealed record HostTls
{
    /// <summary>Protocols by ALPN, comma separated.</summary>
    public string? Protocols { get; init; }

    /// <summary>Of TLS 1.2 and older, in OpenSSL's words.</summary>
    public string? Ciphers { get; init; }

    /// <summary>Of TLS 1.3.</summary>
    public string? CipherSuites { get; init; }

    /// <summary>TLSv1.0 to TLSv1.3.</summary>
    public string? MinVersion { get; init; }

    /// <summary>As above.</summary>
    public string? MaxVersion { get; init; }
}
