using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;

namespace MultiCluster.Kubernetes.Status;

/// <summary>status of a FederatedIngress.</summary>
/// <param name="ObservedGeneration">Of the specification that this is about.</param>
/// <param name="Addresses">IP addresses and host names.</param>
public sealed record FederatedIngressStatus(
    long ObservedGeneration, ImmutableArray<StatusCondition> Conditions, ImmutableArray<string> Addresses, ImmutableArray<ClusterStatus> Clusters);

/// <summary>What a member contributes.</summary>
/// <param name="EffectiveWeight">Null without a traffic policy.</param>
public sealed record ClusterStatus(MemberName Cluster, int EndpointsTotal, int EndpointsReady, int? EffectiveWeight)
{
    public string Region { get; init; } = "";

    /// <summary>When the member was last known to be as told; only while it can't be read, so that a status that stays is not written.</summary>
    public DateTimeOffset? LastObserved { get; init; }

    /// <summary>Since then; written in whole minutes, for the same reason.</summary>
    public TimeSpan? Stale { get; init; }

    public ImmutableArray<StatusCondition> Conditions { get; init; } = [];
}

/// <summary>Writes status of FederatedIngresses of the home cluster.</summary>
public sealed class FederatedIngressStatusWriter(IApiConnection home, TimeProvider time)
{
    private static readonly HashSet<string> Ours = [.. Enum.GetNames<ConditionType>()];

    private readonly StatusPatcher _patcher = new(home, ResourcePath.FederatedIngresses);

    public Task<StatusWriteResult> WriteAsync(ObjectKey key, FederatedIngressStatus status, CancellationToken cancellationToken) => _patcher.WriteAsync(
        key,
        (json, before) =>
        {
            json.WriteNumber("observedGeneration", status.ObservedGeneration);
            ConditionJson.Write(json, status.Conditions, JsonText.Field(before, "conditions"), Ours, status.ObservedGeneration, time.GetUtcNow());
            json.WriteStartObject("loadBalancer");
            json.WriteStartArray("ingress");
            foreach (var address in status.Addresses)
                AddressJson.Write(json, address);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteStartArray("clusters");
            foreach (var cluster in status.Clusters.OrderBy(static c => c.Cluster))
                Write(json, cluster, Find(JsonText.Field(before, "clusters"), cluster.Cluster), time.GetUtcNow());
            json.WriteEndArray();
        },
        cancellationToken);

    private static void Write(Utf8JsonWriter json, ClusterStatus cluster, JsonElement before, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("cluster", cluster.Cluster.Value);
        if (cluster.Region.Length > 0)
            json.WriteString("region", cluster.Region);
        json.WriteStartObject("endpoints");
        json.WriteNumber("total", cluster.EndpointsTotal);
        json.WriteNumber("ready", cluster.EndpointsReady);
        json.WriteEndObject();
        if (cluster.EffectiveWeight is { } weight)
            json.WriteNumber("effectiveWeight", weight);
        if (cluster.LastObserved is { } observed)
            WriteStaleness(json, observed, cluster.Stale ?? TimeSpan.Zero, JsonText.Of(before, "lastObservedTime"));
        ConditionJson.Write(json, cluster.Conditions, JsonText.Field(before, "conditions"), null, null, now);
        json.WriteEndObject();
    }

    /// <summary>A writer that has started while the member was stale knows a later time than the one before it had written.</summary>
    private static void WriteStaleness(Utf8JsonWriter json, DateTimeOffset observed, TimeSpan stale, string? known)
    {
        if (DateTimeOffset.TryParse(known, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var earlier) && earlier < observed)
            (observed, stale) = (earlier, stale + (observed - earlier));
        json.WriteString("lastObservedTime", ConditionJson.Time(observed));
        json.WriteNumber("staleSeconds", (long)stale.TotalMinutes * 60);
    }

    private static JsonElement Find(JsonElement clusters, MemberName name) => clusters.ValueKind != JsonValueKind.Array
        ? default
        : clusters.EnumerateArray().FirstOrDefault(item => JsonText.Of(item, "cluster") == name.Value);
}

internal static class AddressJson
{
    public static void Write(Utf8JsonWriter json, string address)
    {
        json.WriteStartObject();
        if (IPAddress.TryParse(address, out var ip))
            json.WriteString("ip", ip.ToString());
        else
            json.WriteString("hostname", address);
        json.WriteEndObject();
    }
}
