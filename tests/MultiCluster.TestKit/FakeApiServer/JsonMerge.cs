using System.Text.Json.Nodes;

namespace MultiCluster.TestKit.FakeApiServer;

/// <summary>JSON merge patch, RFC 7396.</summary>
internal static class JsonMerge
{
    public static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject fields)
            return patch?.DeepClone();
        var result = target is JsonObject before ? before.DeepClone().AsObject() : [];
        foreach (var (name, value) in fields)
        {
            if (value is null)
                result.Remove(name);
            else
                result[name] = Apply(result[name], value);
        }

        return result;
    }
}
