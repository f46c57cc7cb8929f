using System.Buffers;
using System.Text.Json;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Security;

namespace MultiCluster.Kubernetes.Status;

/// <summary>Writes Secrets of type kubernetes.io/tls that are ours by their label, and no others.</summary>
public sealed class CertificateSecretWriter(IApiConnection connection)
{
    public const string Label = "multicluster-ingress.github.io/issued-by";
    private const string Issuer = "acme";

    public async Task<StatusWriteResult> WriteAsync(ObjectKey key, Secret certificate, Secret privateKey, CancellationToken cancellationToken)
    {
        using var lease = connection.Take();
        if (lease.Client is not { } client)
            return new(StatusWriteOutcome.Failed, $"Secret {key}: not connected to its API server");
        var known = await client.GetAsync(ResourcePath.Secrets, key, cancellationToken);
        if (!known.Succeeded && !known.Error.IsNotFound)
            return Failed(key, known.Error, "get");
        if (!known.Succeeded)
        {
            var created = await client.CreateAsync(ResourcePath.Secrets, key.Namespace, Json(key, certificate, privateKey, null), cancellationToken);
            return created.Succeeded ? new(StatusWriteOutcome.Ok, "") : Failed(key, created.Error, "create");
        }

        var (isOurs, version) = Read(known.Value);
        if (!isOurs)
            return new(StatusWriteOutcome.Failed, $"Secret {key} is there and not ours; delete it, or label it {Label}={Issuer} to have it overwritten");
        var patched = await client.MergePatchAsync(ResourcePath.Secrets, key, null, Json(key, certificate, privateKey, version), cancellationToken);
        return patched.Succeeded ? new(StatusWriteOutcome.Ok, "") : Failed(key, patched.Error, "patch");
    }

    private static StatusWriteResult Failed(ObjectKey key, ApiError error, string verb)
    {
        var outcome = StatusWriteResult.OutcomeOf(error);
        return new(outcome, $"Secret {key}: {error}{(outcome == StatusWriteOutcome.Forbidden ? $"; grant {verb} on secrets" : "")}");
    }

    private static (bool IsOurs, string? Version) Read(byte[] secret)
    {
        try
        {
            using var json = JsonDocument.Parse(secret);
            var meta = JsonText.Field(json.RootElement, "metadata");
            var label = JsonText.Field(JsonText.Field(meta, "labels"), Label);
            var version = JsonText.Field(meta, "resourceVersion");
            return (label.ValueKind == JsonValueKind.String && label.ValueEquals(Issuer), version.ValueKind == JsonValueKind.String ? version.GetString() : null);
        }
        catch (JsonException)
        {
            return (false, null);
        }
    }

    /// <param name="version">Of the Secret that is changed, which must be at it; null: a new one.</param>
    private static ReadOnlyMemory<byte> Json(ObjectKey key, Secret certificate, Secret privateKey, string? version)
    {
        var buffer = new ArrayBufferWriter<byte>(8192);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("apiVersion", "v1");
        json.WriteString("kind", "Secret");
        json.WriteStartObject("metadata");
        json.WriteString("name", key.Name);
        json.WriteString("namespace", key.Namespace);
        if (version is not null)
            json.WriteString("resourceVersion", version);
        json.WriteStartObject("labels");
        json.WriteString(Label, Issuer);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteString("type", TlsSecretResource.SecretType);
        json.WriteStartObject("data");
        json.WriteBase64String(TlsSecretResource.CertificateKey, certificate.Reveal().Span);
        json.WriteBase64String(TlsSecretResource.PrivateKeyKey, privateKey.Reveal().Span);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
