using System.Text.Json.Nodes;

namespace MultiCluster.TestKit.FakeApiServer;

/// <summary>Equality terms of a label selector, all of which must hold; lists only.</summary>
internal sealed record LabelSelector(IReadOnlyList<(string Key, string Value)> Terms)
{
    public static readonly LabelSelector Everything = new([]);

    public bool IsEmpty => Terms.Count == 0;

    /// <summary>Null for a term that we don't serve.</summary>
    public static LabelSelector? Parse(string text)
    {
        var terms = new List<(string Key, string Value)>();
        foreach (var term in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (term.Replace("==", "=", StringComparison.Ordinal).Split('=') is not [{ Length: > 0 } key, var value] || key.EndsWith('!'))
                return null;
            terms.Add((key, value));
        }

        return terms.Count == 0 ? Everything : new(terms);
    }

    public bool Matches(JsonObject node)
    {
        var labels = node["metadata"]?["labels"];
        return Terms.All(term => labels is JsonObject map && map.ContainsKey(term.Key) && Manifests.Text(map, term.Key) == term.Value);
    }
}
