using System.Text;
using System.Text.Json.Nodes;
using MultiCluster.Kubernetes.Yaml;

namespace MultiCluster.TestKit.FakeApiServer;

/// <summary>The objects of a manifest text, Lists unpacked.</summary>
internal static class Manifests
{
    public static IEnumerable<JsonObject> Read(string text)
    {
        var parsed = ManifestText.Parse(Encoding.UTF8.GetBytes(text));
        if (parsed.Error is { } error)
            throw new FormatException($"line {parsed.ErrorLine}: {error}");
        return parsed.Documents.SelectMany(static document => Unpack(JsonNode.Parse(document.Json.Span)));
    }

    private static IEnumerable<JsonObject> Unpack(JsonNode? node)
    {
        if (node is not JsonObject item)
            return [];
        return item["items"] is JsonArray items && Text(item, "kind").EndsWith("List", StringComparison.Ordinal)
            ? items.SelectMany(Unpack)
            : [item];
    }

    public static string Text(JsonNode? from, string field) =>
        from is JsonObject item && item[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
