namespace MultiCluster.Hocon;

/// <summary>Words for values in error messages.</summary>
internal static class Describe
{
    public static string Kind(ConfigNode node) => node switch
    {
        ConfigList => "a list",
        ConfigObject => "an object",
        ConfigScalar { IsNull: true } => "null",
        _ => "text",
    };

    /// <param name="node">The value found.</param>
    /// <param name="path">Its path: the value of a key that names a secret is not told.</param>
    public static string Value(ConfigNode node, IEnumerable<string> path)
    {
        if (node is not ConfigScalar { IsNull: false } scalar)
            return Kind(node);
        if (Redaction.Default.Hides(path))
            return "something else (not shown, it may be a secret)";
        const int shown = 60;
        var text = Redaction.Clean(scalar.Text);
        return HoconPath.Quote(text.Length <= shown ? text : $"{text.AsSpan(0, shown)}...");
    }
}
