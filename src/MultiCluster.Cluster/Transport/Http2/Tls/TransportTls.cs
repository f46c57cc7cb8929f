using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace MultiCluster.Cluster.Transport.Http2.Tls;

/// <summary>
/// Mutual TLS 1.3 under one authority. The files are read again for every connection, so a renewed certificate, key or authority is
/// used from the next one on and drops none; files that can't be used change nothing. Connections that exist are not verified again.
/// </summary>
public sealed partial class TransportTls
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private readonly Lock _gate = new();
    private readonly ComplaintBook _complaints = new();
    private readonly TlsFiles _files;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private TlsMaterial _material;
    private string? _error;

    private TransportTls(TlsFiles files, TlsMaterial material, TimeProvider time, ILogger logger)
    {
        _files = files;
        _material = material;
        _time = time;
        _logger = logger;
    }

    /// <summary>Why the files, which have changed, are not in use; null if they are.</summary>
    public string? ReloadError
    {
        get
        {
            lock (_gate)
                return _error;
        }
    }

    /// <summary>The certificate that new connections use.</summary>
    public PeerCertificate Certificate => PeerCertificate.Of(Current().Own.TargetCertificate);

    public static (TransportTls? Tls, string? Error) Load(TlsFiles files, TimeProvider time, ILoggerFactory loggers)
    {
        var (material, error) = TlsMaterial.Read(files, null);
        if (material is null)
            return (null, error);
        var tls = new TransportTls(files, material, time, loggers.CreateLogger("MultiCluster.Cluster.Transport"));
        tls.Announce(material);
        return (tls, null);
    }

    /// <summary>Of the side that was dialled, which has nobody else to tell.</summary>
    internal void Refused(string remote, LinkError error)
    {
        if (_complaints.IsNew(remote, error.Code))
            LogPeerRefused(_logger, remote, error);
    }

    internal SslServerAuthenticationOptions ForServer(TlsVerification verification)
    {
        var material = Current();
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = material.Own,
            ClientCertificateRequired = true,
            EnabledSslProtocols = SslProtocols.Tls13,
            AllowTlsResume = false,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            CertificateChainPolicy = PolicyFor(material, ClientAuthentication),
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => verification.Verify(certificate, chain, errors),
        };
    }

    /// <param name="host">For the server's choice of certificate only; the peer's name is verified by its URI.</param>
    internal SslClientAuthenticationOptions ForClient(string host, TlsVerification verification)
    {
        var material = Current();
        return new SslClientAuthenticationOptions
        {
            TargetHost = host,
            ClientCertificateContext = material.Own,
            EnabledSslProtocols = SslProtocols.Tls13,
            AllowTlsResume = false,
            CertificateChainPolicy = PolicyFor(material, ServerAuthentication),
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => verification.Verify(certificate, chain, errors),
        };
    }

    private X509ChainPolicy PolicyFor(TlsMaterial material, Oid usage)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // Certificates of a cluster are short-lived and its authority is the list of who belongs to it; nothing here publishes revocations.
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTime = _time.GetUtcNow().LocalDateTime,
        };
        policy.CustomTrustStore.AddRange(material.Authority);
        policy.ApplicationPolicy.Add(usage);
        return policy;
    }

    private TlsMaterial Current()
    {
        lock (_gate)
        {
            var (material, error) = TlsMaterial.Read(_files, _material);
            if (error is not null && error != _error)
                LogNotReplaced(_logger, error);
            _error = error;
            if (material is not null && material != _material)
            {
                _material = material;
                Announce(material);
            }
            return _material;
        }
    }

    private void Announce(TlsMaterial material)
    {
        var own = material.Own.TargetCertificate;
        var (notBefore, notAfter) = (new DateTimeOffset(own.NotBefore), new DateTimeOffset(own.NotAfter));
        LogLoaded(_logger, own.Subject, notAfter);
        var now = _time.GetUtcNow();
        if (now < notBefore || now > notAfter)
            LogNotValidNow(_logger, own.Subject, notBefore, notAfter);
    }
}
