using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging;
using MultiCluster.HAProxy.Program;

namespace MultiCluster.Host;

/// <summary>Finds the authorities that sign certificates of endpoints: those of a file, or the machine's own.</summary>
internal static partial class SystemAuthorities
{
    /// <param name="path">Null for the machine's own.</param>
    /// <returns>Nothing, without an error, where the machine has none: who needs none must not be hurt.</returns>
    public static (EndpointAuthorities? Authorities, string? Error) Load(string? path, ILogger logger)
    {
        if (path is not null)
            return OfFile(path);
        var pem = OfSystem(logger);
        return (pem.Length == 0 ? null : new EndpointAuthorities(pem, IsConfigured: false), null);
    }

    private static (EndpointAuthorities? Authorities, string? Error) OfFile(string path)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(File.ReadAllText(path));
            var pem = TextOf(certificates);
            return pem.Length == 0
                ? (null, $"haproxy.ca-file: {path} holds no certificate in PEM form")
                : (new EndpointAuthorities(pem, IsConfigured: true), null);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return (null, $"haproxy.ca-file: {path} can't be read: {failure.Message}");
        }
    }

    /// <summary>Where OpenSSL looks for them, SSL_CERT_FILE and SSL_CERT_DIR included.</summary>
    private static string OfSystem(ILogger logger)
    {
        try
        {
            using var store = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
            return TextOf(store.Certificates);
        }
        catch (CryptographicException failure)
        {
            LogUnreadable(logger, failure.Message);
            return "";
        }
    }

    /// <summary>Always in one order and each once, so that the same authorities are the same text.</summary>
    private static string TextOf(X509Certificate2Collection certificates)
    {
        var text = new StringBuilder();
        foreach (var certificate in certificates.DistinctBy(static item => item.Thumbprint).OrderBy(static item => item.Thumbprint, StringComparer.Ordinal))
            text.Append(certificate.ExportCertificatePem()).Append('\n');
        foreach (var certificate in certificates)
            certificate.Dispose();
        return text.ToString();
    }

    [LoggerMessage(1404, LogLevel.Warning, "The system's certificate authorities can't be read, so endpoints with verify-tls get no traffic; name a file in haproxy.ca-file: {Problem}")]
    private static partial void LogUnreadable(ILogger logger, string problem);
}
