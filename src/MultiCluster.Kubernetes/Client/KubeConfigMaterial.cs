using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MultiCluster.Kubernetes.Client;

/// <summary>Certificates, keys and files that a kubeconfig holds or names.</summary>
/// <param name="mayNameFiles">Otherwise whoever wrote it could have this process read what they may not.</param>
internal sealed class KubeConfigMaterial(string folder, bool mayNameFiles, Func<string, KubeConfigException> error)
{
    private readonly List<string> _read = [];

    /// <summary>The files that were read.</summary>
    public IReadOnlyList<string> Read => _read;

    /// <param name="instead">The field that holds the same without a file.</param>
    public string? Named(string? path, string field, string instead)
    {
        if (string.IsNullOrEmpty(path))
            return null;
        return mayNameFiles
            ? Path.GetFullPath(path, folder)
            : throw error($"{field} names a file of the controller, which whoever may write this kubeconfig must not read; write {instead} in its place");
    }

    public IReadOnlyList<X509Certificate2> Authorities(string? data, string? path)
    {
        if (Bytes(data, path, "certificate-authority") is not { } pem)
            return [];
        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPem(Encoding.UTF8.GetString(pem));
        }
        catch (CryptographicException e)
        {
            throw error($"certificate-authority holds no readable PEM certificate: {e.Message}");
        }

        return roots.Count > 0 ? [.. roots] : throw error("certificate-authority holds no PEM certificate");
    }

    public X509Certificate2? ClientCertificate(byte[]? certificate, byte[]? key)
    {
        if (certificate is null && key is null)
            return null;
        if (certificate is null || key is null)
            throw error("client-certificate and client-key must be there both, or none");
        try
        {
            return X509Certificate2.CreateFromPem(Encoding.UTF8.GetString(certificate), Encoding.UTF8.GetString(key));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw error($"client-certificate and client-key are no matching PEM pair: {e.Message}");
        }
    }

    /// <summary>The inline data wins over the file, as for kubectl.</summary>
    public byte[]? Bytes(string? data, string? path, string field)
    {
        if (!string.IsNullOrEmpty(data))
        {
            var bytes = new byte[data.Length];
            return Convert.TryFromBase64String(data, bytes, out var written)
                ? bytes[..written]
                : throw error($"{field}-data is no base64");
        }

        if (Named(path, field, $"{field}-data") is not { } file)
            return null;
        _read.Add(file);
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw error($"{field} {file} can't be read: {e.Message}");
        }
    }
}
