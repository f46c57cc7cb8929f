using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace MultiCluster.Kubernetes.Credentials;

/// <summary>An ExecCredential as a plugin prints it. Errors never quote it.</summary>
internal static class ExecOutput
{
    public static CredentialResult Read(byte[] json, string apiVersion)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement, apiVersion);
        }
        catch (JsonException)
        {
            return Wrong(json.Length == 0 ? "printed nothing" : "printed no JSON");
        }
    }

    private static CredentialResult Read(JsonElement root, string apiVersion)
    {
        if (Text(root, "kind") != "ExecCredential")
            return Wrong("printed JSON that is no ExecCredential");
        if (Text(root, "apiVersion") != apiVersion)
            return Wrong($"printed an ExecCredential of another version than {apiVersion}, which the kubeconfig names");
        if (!root.TryGetProperty("status", out var status) || status.ValueKind != JsonValueKind.Object)
            return Wrong("printed an ExecCredential without status");
        DateTimeOffset? expires = null;
        if (Text(status, "expirationTimestamp") is { Length: > 0 })
        {
            if (!status.GetProperty("expirationTimestamp").TryGetDateTimeOffset(out var time))
                return Wrong("printed an expirationTimestamp that is no RFC 3339 time");
            expires = time;
        }

        var token = Text(status, "token")?.Trim() is { Length: > 0 } text ? text : null;
        var (certificate, error) = Certificate(Text(status, "clientCertificateData"), Text(status, "clientKeyData"));
        if (error is not null)
            return Wrong(error);
        return token is null && certificate is null
            ? Wrong("printed an ExecCredential with neither token nor client certificate")
            : new CredentialResult(new Credential(token, certificate, expires), null);
    }

    private static (X509Certificate2? Certificate, string? Error) Certificate(string? certificate, string? key)
    {
        if (string.IsNullOrEmpty(certificate) && string.IsNullOrEmpty(key))
            return (null, null);
        if (string.IsNullOrEmpty(certificate) || string.IsNullOrEmpty(key))
            return (null, "printed only one of clientCertificateData and clientKeyData");
        try
        {
            return (X509Certificate2.CreateFromPem(certificate, key), null);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return (null, "printed clientCertificateData and clientKeyData that are no matching PEM pair");
        }
    }

    private static CredentialResult Wrong(string error) => new(null, error);

    private static string? Text(JsonElement from, string field) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
