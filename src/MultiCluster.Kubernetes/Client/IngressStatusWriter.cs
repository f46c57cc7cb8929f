using System.Buffers;
using System.Net;
using System.Text.Json;
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
public readonly record struct StatusWriteResult(StatusWriteOutcome Outcome, string Message);

/// <summary>Writes status.loadBalancer of Ingresses and nothing else.</summary>
public sealed class IngressStatusWriter(KubernetesClient client)
{
    /// <param name="addresses">IP addresses and host names; they replace what is there.</param>
    public async Task<StatusWriteResult> WriteAsync(ObjectKey key, IReadOnlyList<string> addresses, CancellationToken cancellationToken)
    {
        var result = await client.MergePatchAsync(ResourcePath.Ingresses, key, "status", Patch(addresses), cancellationToken);
        if (result.Succeeded)
            return new(StatusWriteOutcome.Ok, "");
        var outcome = result.Error.Code switch
        {
            409 => StatusWriteOutcome.Conflict,
            401 or 403 => StatusWriteOutcome.Forbidden,
            404 => StatusWriteOutcome.NotFound,
            _ => StatusWriteOutcome.Failed,
        };
        return new(outcome, $"status of Ingress {key}: {result.Error}");
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
        {
            json.WriteStartObject();
            if (IPAddress.TryParse(address, out var ip))
                json.WriteString("ip", ip.ToString());
            else
                json.WriteString("hostname", address);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
