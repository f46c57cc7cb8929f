using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Host.Configuration;

namespace MultiCluster.Host.Admin;

/// <summary>
/// The certificate of the admin API, and whose certificates it takes from callers; read again for connections when its files have changed. Files that
/// can't be used change nothing.
/// </summary>
internal sealed partial class AdminTls
{
    private readonly Lock _gate = new();
    private readonly AdminTlsFiles _files;
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private Material _material;
    private (DateTime, DateTime, DateTime) _stamp;

    private AdminTls(AdminTlsFiles files, Material material, (DateTime, DateTime, DateTime) stamp) =>
        (_files, _material, _stamp) = (files, material, stamp);

    /// <summary>Of the host, which is built after this.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    public static (AdminTls? Tls, string? Error) Open(AdminTlsFiles files)
    {
        var stamp = StampOf(files);
        var (material, error) = Read(files);
        return material is null ? (null, error) : (new AdminTls(files, material, stamp), null);
    }

    public void Use(ListenOptions listener) => listener.UseHttps(new TlsHandshakeCallbackOptions
    {
        OnConnection = _ => ValueTask.FromResult(OptionsOf(Current())),
    });

    /// <summary>A caller without a certificate may have a token; one with a certificate that is no good is turned away at once.</summary>
    private static SslServerAuthenticationOptions OptionsOf(Material material)
    {
        var options = new SslServerAuthenticationOptions { ServerCertificateContext = material.Certificate };
        if (material.Authorities is null)
            return options;
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // Nothing here publishes revocations; certificates of callers are short-lived.
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(material.Authorities);
        policy.ApplicationPolicy.Add(ClientAuthentication);
        options.CertificateChainPolicy = policy;
        options.ClientCertificateRequired = true;
        // A session that is taken up again would not be verified by the authorities of now.
        options.AllowTlsResume = false;
        options.RemoteCertificateValidationCallback = static (_, certificate, _, errors) =>
            certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None;
        return options;
    }

    private Material Current()
    {
        lock (_gate)
        {
            var stamp = StampOf(_files);
            if (stamp == _stamp)
                return _material;
            _stamp = stamp;
            var (material, error) = Read(_files);
            if (material is not null)
                _material = material;
            else
                LogNotReplaced(Logger, error!);
            return _material;
        }
    }

    private static (DateTime, DateTime, DateTime) StampOf(AdminTlsFiles files) => (
        File.GetLastWriteTimeUtc(files.Certificate), File.GetLastWriteTimeUtc(files.Key), files.ClientAuthority is { } path ? File.GetLastWriteTimeUtc(path) : default);

    private static (Material? Material, string? Error) Read(AdminTlsFiles files)
    {
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(files.Certificate);
            using var own = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
            var context = SslStreamCertificateContext.Create(X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null), chain, offline: true);
            if (files.ClientAuthority is not { } path)
                return (new Material(context, null), null);
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(path);
            return authorities.Count == 0 ? (null, $"{path} (client-authority) holds no certificate") : (new Material(context, authorities), null);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return (null, $"{string.Join(" and ", new[] { files.Certificate, files.Key, files.ClientAuthority }.OfType<string>())}: {failure.Message}");
        }
    }

    /// <param name="Authorities">Null: callers show none.</param>
    private sealed record Material(SslStreamCertificateContext Certificate, X509Certificate2Collection? Authorities);

    [LoggerMessage(3121, LogLevel.Warning, "The certificate of the admin API stays as it was: {Reason}")]
    private static partial void LogNotReplaced(ILogger logger, string reason);
}
