using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace MultiCluster.Host;

/// <summary>
/// What TLS clients get for a name that no Secret covers: self-signed, made once and kept with HAProxy's state. An operator
/// may put another one in its place.
/// </summary>
internal static partial class DefaultCertificate
{
    private const string FileName = "default-certificate.pem";

    /// <returns>Chain and key as HAProxy reads them, or why there are none.</returns>
    public static (string? Pem, string? Error) LoadOrCreate(string stateDirectory, TimeProvider time, ILogger logger)
    {
        var path = Path.Combine(stateDirectory, FileName);
        if (Directory.Exists(path))
            return (null, $"{path} is a directory where the default certificate belongs: remove it");
        try
        {
            if (File.Exists(path))
            {
                var kept = File.ReadAllText(path);
                if (Problem(kept) is not { } problem)
                    return (kept, null);
                LogReplaced(logger, path, problem);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return (null, $"the default certificate {path} can't be read: {failure.Message}");
        }

        var pem = Create(time.GetUtcNow());
        Keep(path, pem, logger);
        return (pem, null);
    }

    /// <summary>Null when HAProxy can serve it.</summary>
    private static string? Problem(string pem)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem, pem);
            return null;
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            return failure.Message;
        }
    }

    private static void Keep(string path, string pem, ILogger logger)
    {
        var fresh = path + ".new";
        try
        {
            File.Delete(fresh);
            // The directory is ours alone (0700), so the key is never readable by others.
            using (var file = new FileStream(fresh, FileMode.CreateNew, FileAccess.Write))
            {
                file.Write(System.Text.Encoding.ASCII.GetBytes(pem));
                file.Flush(flushToDisk: true);
            }

            File.Move(fresh, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogNotKept(logger, path, failure.Message);
        }
    }

    private static string Create(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=MultiCluster default certificate", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("default.multicluster.invalid");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));
        return $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
    }

    [LoggerMessage(1402, LogLevel.Warning, "{Path} holds no certificate with its key ({Problem}): made a new one")]
    private static partial void LogReplaced(ILogger logger, string path, string problem);

    [LoggerMessage(1403, LogLevel.Warning, "The default certificate could not be written to {Path}, another one is made at the next start: {Problem}")]
    private static partial void LogNotKept(ILogger logger, string path, string problem);
}
