using System.Globalization;
using System.Text.Json;
using MultiCluster.Model.Collections;

namespace MultiCluster.Kubernetes.Client;

/// <summary>Request bodies about Leases.</summary>
internal static class LeaseJson
{
    public static ReadOnlyMemory<byte> Write(LeaseObject lease, string inNamespace) => JsonBody.Of(json =>
    {
        json.WriteString("apiVersion", ResourcePath.Leases.ApiVersion);
        json.WriteString("kind", ResourcePath.Leases.Kind);
        json.WriteStartObject("metadata");
        json.WriteString("name", lease.Meta.Key.Name);
        json.WriteString("namespace", inNamespace);
        WriteVersion(json, lease.Meta.Uid, lease.Meta.ResourceVersion);
        WriteMap(json, "labels", lease.Meta.Labels);
        WriteMap(json, "annotations", lease.Meta.Annotations);
        json.WriteEndObject();
        WriteSpec(json, lease.Spec);
    });

    /// <summary>DeleteOptions that delete only what is at this version.</summary>
    public static ReadOnlyMemory<byte> WriteDelete(string uid, string resourceVersion) => JsonBody.Of(json =>
    {
        json.WriteString("apiVersion", "v1");
        json.WriteString("kind", "DeleteOptions");
        json.WriteStartObject("preconditions");
        WriteVersion(json, uid, resourceVersion);
        json.WriteEndObject();
    });

    private static void WriteVersion(Utf8JsonWriter json, string uid, string resourceVersion)
    {
        if (uid.Length > 0)
            json.WriteString("uid", uid);
        if (resourceVersion.Length > 0)
            json.WriteString("resourceVersion", resourceVersion);
    }

    private static void WriteMap(Utf8JsonWriter json, string name, EquatableMap map)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in map)
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void WriteSpec(Utf8JsonWriter json, LeaseSpec spec)
    {
        json.WriteStartObject("spec");
        if (spec.HolderIdentity is { } holder)
            json.WriteString("holderIdentity", holder);
        if (spec.LeaseDurationSeconds is { } seconds)
            json.WriteNumber("leaseDurationSeconds", seconds);
        if (spec.RenewTime is { } renewed)
            json.WriteString("renewTime", renewed.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
        if (spec.LeaseTransitions is { } transitions)
            json.WriteNumber("leaseTransitions", transitions);
        json.WriteEndObject();
    }
}
