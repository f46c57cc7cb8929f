using System.Text;
using System.Text.Json.Nodes;
using MultiCluster.Kubernetes.Yaml;

namespace MultiCluster.Kubernetes.Tests.Deploy;

/// <summary>
/// Kinds of cert-manager and of the Prometheus operator, as far as deploy/kubernetes uses them: their definitions are in no package that could be read
/// here. A field that is not in this table is an error, so that a new one is looked up before it is used.
/// </summary>
internal static class OtherKinds
{
    private const string Table = """
        cert-manager.io/v1 Issuer:
          selfSigned: {type: object, properties: {}}
          ca: {type: object, required: [secretName], properties: {secretName: {type: string}}}
        cert-manager.io/v1 Certificate:
          isCA: {type: boolean}
          commonName: {type: string, maxLength: 64}
          secretName: {type: string}
          duration: {type: string, pattern: '^[0-9]+h$'}
          renewBefore: {type: string, pattern: '^[0-9]+h$'}
          privateKey:
            type: object
            properties: {algorithm: {type: string, enum: [RSA, ECDSA, Ed25519]}, size: {type: integer}}
          issuerRef:
            type: object
            required: [name]
            properties: {group: {type: string}, kind: {type: string, enum: [Issuer, ClusterIssuer]}, name: {type: string}}
        monitoring.coreos.com/v1 ServiceMonitor:
          selector: {type: object, properties: {matchLabels: {type: object, additionalProperties: {type: string}}}}
          endpoints:
            type: array
            items:
              type: object
              properties: {port: {type: string}, path: {type: string}, interval: {type: string, pattern: '^[0-9]+(ms|s|m|h)$'}}
        """;

    private static readonly Dictionary<string, string[]> Required = new(StringComparer.Ordinal)
    {
        ["cert-manager.io/v1 Issuer"] = [],
        ["cert-manager.io/v1 Certificate"] = ["secretName", "issuerRef"],
        ["monitoring.coreos.com/v1 ServiceMonitor"] = ["selector", "endpoints"],
    };

    /// <summary>By "apiVersion kind".</summary>
    public static IReadOnlyDictionary<string, JsonObject> Schemas { get; } = JsonNode.Parse(ManifestText.Parse(Encoding.UTF8.GetBytes(Table)).Documents[0].Json.Span)!
        .AsObject().ToDictionary(static kind => kind.Key, static kind => Whole(kind.Key, kind.Value!.DeepClone()), StringComparer.Ordinal);

    private static JsonObject Whole(string kind, JsonNode spec) => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("apiVersion", "kind", "metadata", "spec"),
        ["properties"] = new JsonObject
        {
            ["apiVersion"] = Text(),
            ["kind"] = Text(),
            ["spec"] = new JsonObject { ["type"] = "object", ["required"] = new JsonArray([.. Required[kind].Select(static name => JsonValue.Create(name))]), ["properties"] = spec },
        },
    };

    private static JsonObject Text() => new() { ["type"] = "string" };
}
