using System.Text.Json;
using MultiCluster.Kubernetes.Client;

namespace MultiCluster.Controller.Leases;

/// <summary>
/// What `kubectl get leases` shows of a record: of a node who it is, its TTL and when it renewed by its own clock; of a shard its owner, when that was
/// written, and as transitions its epoch. Of what it doesn't know it shows nothing.
/// </summary>
internal static class LeaseForPeople
{
    public static LeaseSpec Of(string value, TimeSpan ttl, DateTimeOffset now)
    {
        try
        {
            using var json = JsonDocument.Parse(value);
            var record = json.RootElement;
            if (record.ValueKind != JsonValueKind.Object)
                return LeaseSpec.Empty;
            if (record.TryGetProperty("shard", out _))
                return OfShard(record, now);
            return record.TryGetProperty("incarnation", out _) ? OfNode(record, ttl, now) : LeaseSpec.Empty;
        }
        catch (JsonException)
        {
            return LeaseSpec.Empty;
        }
    }

    private static LeaseSpec OfNode(JsonElement record, TimeSpan ttl, DateTimeOffset now)
    {
        if (Text(record, "state") is "Down")
            return new LeaseSpec(null, null, now, null);
        var renewed = record.TryGetProperty("renewedAt", out var at) && at.ValueKind == JsonValueKind.String && at.TryGetDateTimeOffset(out var time)
            ? time
            : now;
        return new LeaseSpec(Text(record, "name"), Math.Max(1, (int)Math.Ceiling(ttl.TotalSeconds)), renewed, null);
    }

    private static LeaseSpec OfShard(JsonElement record, DateTimeOffset now)
    {
        var owner = record.TryGetProperty("owner", out var id) && id.ValueKind == JsonValueKind.Object ? Text(id, "name") : null;
        int? epoch = record.TryGetProperty("epoch", out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out var value)
            ? (int)Math.Clamp(value, 0, int.MaxValue)
            : null;
        return new LeaseSpec(owner, null, now, epoch);
    }

    /// <summary>Null for an empty text, too: an empty holder is no valid one.</summary>
    private static string? Text(JsonElement record, string name) =>
        record.TryGetProperty(name, out var field) && field.ValueKind == JsonValueKind.String && field.GetString() is { Length: > 0 } text ? text : null;
}
