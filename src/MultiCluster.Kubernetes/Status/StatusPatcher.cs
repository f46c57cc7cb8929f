using System.Text.Json;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;

namespace MultiCluster.Kubernetes.Status;

/// <summary>Writes the fields of the value of status.</summary>
/// <param name="before">The status that is there; undefined when there is none.</param>
internal delegate void StatusBody(Utf8JsonWriter json, JsonElement before);

/// <summary>
/// Reads a status, and replaces what differs by a merge patch of the subresource: nothing is written that is there already. A merge patch replaces arrays
/// whole, also with what somebody else has put in since the reading; so it names the version that was read, and starts over where that is not the last.
/// </summary>
internal sealed class StatusPatcher(IApiConnection connection, ResourcePath resource)
{
    private const int Attempts = 4;

    public async Task<StatusWriteResult> WriteAsync(ObjectKey key, StatusBody body, CancellationToken cancellationToken)
    {
        using var lease = connection.Take();
        if (lease.Client is not { } client)
            return new(StatusWriteOutcome.Failed, $"status of {resource.Kind} {key}: not connected to its API server");
        for (var attempt = 1; ; attempt++)
        {
            var result = await WriteAsync(client, key, body, cancellationToken);
            if (result.Outcome != StatusWriteOutcome.Conflict || attempt == Attempts)
                return result;
        }
    }

    private async Task<StatusWriteResult> WriteAsync(KubernetesClient client, ObjectKey key, StatusBody body, CancellationToken cancellationToken)
    {
        var read = await client.GetAsync(resource, key, cancellationToken);
        if (!read.Succeeded)
            return Failed(key, read.Error, "get", resource.QualifiedName);
        if (JsonText.Parse(read.Value) is not { } document)
            return new(StatusWriteOutcome.Failed, $"status of {resource.Kind} {key}: {client.Server} answers no JSON");
        using var _ = document;
        var before = JsonText.Field(document.RootElement, "status");
        var status = JsonBody.Of(json => body(json, before));
        using (var wanted = JsonDocument.Parse(status))
        {
            if (Contains(before, wanted.RootElement))
                return new(StatusWriteOutcome.Ok, "");
        }

        var version = JsonText.Of(JsonText.Field(document.RootElement, "metadata"), "resourceVersion");
        var patch = JsonBody.Of(json =>
        {
            if (version is not null)
            {
                json.WriteStartObject("metadata");
                json.WriteString("resourceVersion", version);
                json.WriteEndObject();
            }

            json.WritePropertyName("status");
            json.WriteRawValue(status.Span);
        });
        var written = await client.MergePatchAsync(resource, key, "status", patch, cancellationToken);
        return written.Succeeded ? new(StatusWriteOutcome.Ok, "") : Failed(key, written.Error, "patch", $"{resource.Plural}/status{(resource.Group.Length == 0 ? "" : $" in {resource.Group}")}");
    }

    private StatusWriteResult Failed(ObjectKey key, ApiError error, string verb, string what)
    {
        var outcome = StatusWriteResult.OutcomeOf(error);
        var fix = outcome == StatusWriteOutcome.Forbidden ? $"; grant {verb} on {what}" : "";
        return new(outcome, $"status of {resource.Kind} {key}: {error}{fix}");
    }

    /// <summary>Whether a merge of <paramref name="wanted"/> into <paramref name="there"/> would change nothing.</summary>
    private static bool Contains(JsonElement there, JsonElement wanted)
    {
        if (wanted.ValueKind != JsonValueKind.Object)
            return there.ValueKind != JsonValueKind.Undefined ? JsonElement.DeepEquals(there, wanted) : wanted.ValueKind == JsonValueKind.Null;
        return there.ValueKind == JsonValueKind.Object && wanted.EnumerateObject().All(field => Contains(JsonText.Field(there, field.Name), field.Value));
    }
}
