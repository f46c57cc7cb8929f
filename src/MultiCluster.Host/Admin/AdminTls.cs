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

/// <summary>The certificate of the admin API, read again for connections when its files have changed; files that can't be used change nothing.</summary>
internal sealed partial class AdminTls
{
    private readonly Lock _gate = new();
    private readonly AdminTlsFiles _files;
    private SslStreamCertificateContext _certificate;
    private (DateTime, DateTime) _stamp;

    private AdminTls(AdminTlsFiles files, SslStreamCertificateContext certificate, (DateTime, DateTime) stamp) =>
        (_files, _certificate, _stamp) = (files, certificate, stamp);

    /// <summary>Of the host, which is built after this.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    public static (AdminTls? Tls, string? Error) Open(AdminTlsFiles files)
    {
        var stamp = StampOf(files);
        var (certificate, error) = Read(files);
        return certificate is null ? (null, error) : (new AdminTls(files, certificate, stamp), null);
    }

    public void Use(ListenOptions listener) => listener.UseHttps(new TlsHandshakeCallbackOptions
    {
        OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = Current() }),
    });

    private SslStreamCertificateContext Current()
    {
        lock (_gate)
        {
            var stamp = StampOf(_files);
            if (stamp == _stamp)
                return _certificate;
            _stamp = stamp;
            var (certificate, error) = Read(_files);
            if (certificate is not null)
                _certificate = certificate;
            else
                LogNotReplaced(Logger, error!);
            return _certificate;
        }
    }

    private static (DateTime, DateTime) StampOf(AdminTlsFiles files) => (File.GetLastWriteTimeUtc(files.Certificate), File.GetLastWriteTimeUtc(files.Key));

    private static (SslStreamCertificateContext? Certificate, string? Error) Read(AdminTlsFiles files)
    {
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(files.Certificate);
            using var own = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
            return (SslStreamCertificateContext.Create(X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null), chain, offline: true), null);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return (null, $"{files.Certificate} and {files.Key}: {failure.Message}");
        }
    }

    [LoggerMessage(3121, LogLevel.Warning, "The certificate of the admin API stays as it was: {Reason}")]
    private static partial void LogNotReplaced(ILogger logger, string reason);
}
