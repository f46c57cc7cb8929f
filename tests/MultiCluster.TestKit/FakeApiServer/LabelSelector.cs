using System.Text.Json.Nodes;

namespace MultiCluster.TestKit.FakeApiServer;

/// <summary>Terms of a label selector (key=value, or a key that must be there), all of which must hold.</summary>
internal sealed record LabelSelector(IReadOnlyList<(string Key, string? Value)> Terms)
{
    public static readonly LabelSelector Everything = new([]);

    public bool IsEmpty => Terms.Count == 0;

    /// <summary>Null for a term that we don't serve.</summary>
    public static LabelSelector? Parse(string text)
    {
        var terms = new List<(string Key, string? Value)>();
        foreach (var term in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            switch (term.Replace("==", "=", StringComparison.Ordinal).Split('='))
            {
                case [{ Length: > 0 } key, var value] when !key.EndsWith('!'):
                    terms.Add((key, value));
                    break;
                case [{ Length: > 0 } key] when !key.StartsWith('!') && !key.Contains(' '):
                    terms.Add((key, null));
                    break;
                default:
                    return null;
            }
        }

        return terms.Count == 0 ? Everything : new(terms);
    }

    public bool Matches(JsonObject node)
    {
        var labels = node["metadata"]?["labels"];
        return Terms.All(term => labels is JsonObject map && map.ContainsKey(term.Key) && (term.Value is null || Manifests.Text(map, term.Key) == term.Value));
    }
}
