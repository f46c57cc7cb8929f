using MultiCluster.Kubernetes.Decoding;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Client;

/// <summary>What a reflector reads: a kind, perhaps in one namespace only, perhaps by a selector.</summary>
/// <param name="Type">How its objects are read.</param>
/// <param name="Selector">A parameter such as labelSelector=…, escaped; empty for all.</param>
internal sealed record WatchScope(ResourcePath Path, ObjectType Type, string? Namespace, string Selector)
{
    private const string Json = "application/json";

    /// <summary>What members are read for.</summary>
    public static WatchScope Of(ResourceKind kind, string? inNamespace) => new(
        ResourcePath.Of(kind),
        ObjectType.Of(kind),
        inNamespace,
        kind == ResourceKind.Secret ? $"fieldSelector={Uri.EscapeDataString(SecretTypes.FieldSelector)}" : "");

    public static WatchScope WithLabel(ResourcePath path, ObjectType type, string? inNamespace, string selector) =>
        new(path, type, inNamespace, $"labelSelector={Uri.EscapeDataString(selector)}");

    /// <summary>One object only.</summary>
    public static WatchScope WithName(ResourcePath path, ObjectType type, string inNamespace, string name) =>
        new(path, type, inNamespace, $"fieldSelector={Uri.EscapeDataString($"metadata.name={name}")}");

    /// <summary>What lists are asked for as.</summary>
    public string ListAs => Type.MetadataListKind is { } kind ? MetadataAs(kind) : Json;

    /// <summary>What events are asked for with.</summary>
    public string EventsAs => Type.MetadataListKind is null ? Json : MetadataAs("PartialObjectMetadata");

    public string Query(string parameters) =>
        Selector.Length == 0 ? $"{Path.Collection(Namespace)}?{parameters}" : $"{Path.Collection(Namespace)}?{parameters}&{Selector}";

    private static string MetadataAs(string kind) => $"{Json};as={kind};g=meta.k8s.io;v=v1";

    public override string ToString() => Namespace is null ? Path.Kind : $"{Path.Kind} in {Namespace}";
}
