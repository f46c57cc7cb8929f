namespace MultiCluster.Kubernetes.Yaml;

/// <summary>A YAML document as a tree; an alias is the anchored node itself.</summary>
internal abstract record YamlNode(int Line)
{
    /// <param name="IsText">Quoted, a block, or tagged !!str: never anything but a string.</param>
    public sealed record Scalar(string Value, bool IsText, int Line) : YamlNode(Line);

    public sealed record Sequence(IReadOnlyList<YamlNode> Items, int Line) : YamlNode(Line);

    public sealed record Mapping(IReadOnlyList<KeyValuePair<Scalar, YamlNode>> Entries, int Line) : YamlNode(Line);
}
