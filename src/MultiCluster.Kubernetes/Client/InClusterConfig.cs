using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MultiCluster.Kubernetes.Client;

internal static class InClusterConfig
{
    public const string DefaultFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    public static KubeConfigResult Load(string folder, Func<string, string?> environment)
    {
        var host = environment("KUBERNETES_SERVICE_HOST");
        var port = environment("KUBERNETES_SERVICE_PORT");
        var token = Path.Combine(folder, "token");
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port) || !File.Exists(token))
        {
            return new(null, $"not in a pod: KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT and {token} must be there; "
                + "name a kubeconfig file instead");
        }

        var authority = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        if (!Uri.TryCreate($"https://{authority}:{port}/", UriKind.Absolute, out var server))
            return new(null, $"KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT make no address: {host}, {port}");
        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPemFile(Path.Combine(folder, "ca.crt"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return new(null, $"{Path.Combine(folder, "ca.crt")} can't be read: {e.Message}");
        }

        var config = new KubeConfig(server)
        {
            Source = "service account",
            Namespace = ReadNamespace(Path.Combine(folder, "namespace")),
            CertificateAuthorities = [.. roots],
            TokenFile = token,
            Files = [Path.Combine(folder, "ca.crt")],
        };
        return new(config, null);
    }

    /// <summary>Null when the file is missing, as in a volume projected by hand.</summary>
    private static string? ReadNamespace(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim() is { Length: > 0 } name ? name : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
