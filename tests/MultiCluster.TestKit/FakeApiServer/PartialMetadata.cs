using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace MultiCluster.TestKit.FakeApiServer;

/// <summary>Objects of which a client wants the metadata alone.</summary>
internal static class PartialMetadata
{
    public const string Kind = "PartialObjectMetadata";

    public const string ApiVersion = "meta.k8s.io/v1";

    /// <param name="kind">As is asked for: of a list with "List" behind it.</param>
    public static bool IsAsked(HttpRequest request, string kind) => request.Headers.Accept.ToString() == $"application/json;as={kind};g=meta.k8s.io;v=v1"
        || request.Headers.Accept.ToString() == $"application/json; as={kind}; g=meta.k8s.io; v=v1";

    public static JsonObject Of(JsonNode item) => new() { ["kind"] = Kind, ["apiVersion"] = ApiVersion, ["metadata"] = item["metadata"]?.DeepClone() };

    /// <param name="line">Of a watch.</param>
    public static ReadOnlyMemory<byte> OfEvent(ReadOnlyMemory<byte> line)
    {
        var sent = JsonNode.Parse(line.Span)!;
        return (byte[])[.. Responses.Bytes(new JsonObject { ["type"] = sent["type"]!.DeepClone(), ["object"] = Of(sent["object"]!) }), (byte)'\n'];
    }
}
