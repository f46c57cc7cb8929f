using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MultiCluster.Host;

/// <summary>What TLS clients get for a name that no Secret covers: self-signed, made once and kept with HAProxy's state.</summary>
internal static class DefaultCertificate
{
    private const string FileName = "default-certificate.pem";

    public static string LoadOrCreate(string stateDirectory, TimeProvider time)
    {
        var path = Path.Combine(stateDirectory, FileName);
        if (File.Exists(path))
            return File.ReadAllText(path);
        var pem = Create(time.GetUtcNow());
        var fresh = path + ".new";
        // The directory is ours alone (0700), so the key is never readable by others, not even before the rename.
        File.WriteAllText(fresh, pem);
        File.Move(fresh, path, overwrite: true);
        return pem;
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
}
