namespace MultiCluster.Hocon.Schema;

/// <summary>The known key that an unknown one most likely means.</summary>
internal static class Suggestion
{
    /// <returns>A path: a key of the same object spelt alike, else the only key of that very name anywhere.</returns>
    public static string? For(SchemaNode root, SchemaNode schema, string parent, string key)
    {
        var near = schema.Keys
            .Where(k => Math.Abs(k.Key.Length - key.Length) <= Slips(k.Key) + 2)
            .Select(k => (k.Key, Distance: Distance(Fold(k.Key), Fold(key))))
            .Where(k => k.Distance <= Slips(k.Key))
            .OrderBy(k => k.Distance)
            .Select(k => k.Key)
            .FirstOrDefault();
        if (near is not null)
            return HoconPath.Child(parent, near);
        var elsewhere = Paths(root, "").Where(p => p.Key == key).Select(p => p.Path).Take(2).ToList();
        return elsewhere is [var only] ? only : null;
    }

    private static int Slips(string key) => Math.Max(1, key.Length / 3);

    private static IEnumerable<(string Key, string Path)> Paths(SchemaNode node, string path)
    {
        foreach (var (key, child) in node.Keys)
        {
            var childPath = HoconPath.Child(path, key);
            yield return (key, childPath);
            foreach (var inner in Paths(child, childPath))
                yield return inner;
        }
    }

    /// <summary>Keys are written with hyphens; camel case and underscores are the usual slips.</summary>
    private static string Fold(string key) => key.ToLowerInvariant().Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);

    /// <summary>Damerau-Levenshtein with adjacent swaps (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(replace, 1 + Math.Min(rows[i - 1, j], rows[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }
        return rows[a.Length, b.Length];
    }
}
