using System.Buffers;
using System.Text.Json;
using MultiCluster.Kubernetes.Status;
using MultiCluster.Model.Identity;

namespace MultiCluster.Kubernetes.Client;

public enum StatusWriteOutcome
{
    Ok,
    Conflict,
    Forbidden,
    NotFound,
    Failed,
}

/// <param name="Message">For people; empty when the write succeeded.</param>
public readonly record struct StatusWriteResult(StatusWriteOutcome Outcome, string Message)
{
    internal static StatusWriteOutcome OutcomeOf(ApiError error) => error.Code switch
    {
        409 => StatusWriteOutcome.Conflict,
        401 or 403 => StatusWriteOutcome.Forbidden,
        404 => StatusWriteOutcome.NotFound,
        _ => StatusWriteOutcome.Failed,
    };
}

/// <summary>Writes status.loadBalancer of Ingresses and nothing else.</summary>
public sealed class IngressStatusWriter(IApiConnection connection)
{
    /// <param name="addresses">IP addresses and host names; they replace what is there.</param>
    public async Task<StatusWriteResult> WriteAsync(ObjectKey key, IReadOnlyList<string> addresses, CancellationToken cancellationToken)
    {
        using var lease = connection.Take();
        if (lease.Client is not { } client)
            return new(StatusWriteOutcome.Failed, $"status of Ingress {key}: not connected to its API server");
        var result = await client.MergePatchAsync(ResourcePath.Ingresses, key, "status", Patch(addresses), cancellationToken);
        if (result.Succeeded)
            return new(StatusWriteOutcome.Ok, "");
        var outcome = StatusWriteResult.OutcomeOf(result.Error);
        var fix = outcome == StatusWriteOutcome.Forbidden ? "; grant patch on ingresses/status in networking.k8s.io" : "";
        return new(outcome, $"status of Ingress {key}: {result.Error}{fix}");
    }

    private static ReadOnlyMemory<byte> Patch(IReadOnlyList<string> addresses)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteStartObject("status");
        json.WriteStartObject("loadBalancer");
        json.WriteStartArray("ingress");
        foreach (var address in addresses)
            AddressJson.Write(json, address);

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
