using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MultiCluster.Kubernetes.Yaml;

/// <summary>
/// Builds trees from YamlDotNet's events. Its own representation model recurses without a bound, which a file of
/// brackets turns into a stack overflow; here depth is bounded.
/// </summary>
internal sealed class YamlTreeReader(IParser parser)
{
    public const int MaxDepth = 100;

    private readonly Dictionary<string, YamlNode> _anchors = new(StringComparer.Ordinal);

    /// <summary>The next document's root, or null at the end of the stream.</summary>
    /// <exception cref="YamlException">Malformed, too deep, or with a key that is no scalar.</exception>
    public YamlNode? ReadDocument()
    {
        while (parser.MoveNext())
        {
            if (parser.Current is not DocumentStart)
                continue;
            _anchors.Clear();
            Next();
            return ReadNode(0);
        }

        return null;
    }

    private YamlNode ReadNode(int depth)
    {
        var current = parser.Current!;
        if (depth > MaxDepth)
            throw new YamlException(current.Start, current.End, $"more than {MaxDepth} levels deep");
        switch (current)
        {
            case AnchorAlias alias:
                return _anchors.TryGetValue(alias.Value.Value, out var node)
                    ? node
                    : throw new YamlException(current.Start, current.End, $"alias *{alias.Value.Value} names no anchor");
            case Scalar scalar:
                return Anchored(scalar, new YamlNode.Scalar(scalar.Value, IsText(scalar), LineOf(scalar)));
            case SequenceStart start:
                return Anchored(start, ReadSequence(start, depth));
            case MappingStart start:
                return Anchored(start, ReadMapping(start, depth));
            default:
                throw new YamlException(current.Start, current.End, "unexpected YAML");
        }
    }

    private YamlNode.Sequence ReadSequence(SequenceStart start, int depth)
    {
        var items = new List<YamlNode>();
        for (Next(); parser.Current is not SequenceEnd; Next())
            items.Add(ReadNode(depth + 1));
        return new YamlNode.Sequence(items, LineOf(start));
    }

    private YamlNode.Mapping ReadMapping(MappingStart start, int depth)
    {
        var entries = new List<KeyValuePair<YamlNode.Scalar, YamlNode>>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (Next(); parser.Current is not MappingEnd; Next())
        {
            var at = parser.Current!;
            if (ReadNode(depth + 1) is not YamlNode.Scalar key)
                throw new YamlException(at.Start, at.End, "a key must be a scalar");
            if (!keys.Add(key.Value) && !IsMerge(key))
                throw new YamlException(at.Start, at.End, $"key \"{key.Value}\" is there twice");
            Next();
            entries.Add(new(key, ReadNode(depth + 1)));
        }

        return new YamlNode.Mapping(entries, LineOf(start));
    }

    public static bool IsMerge(YamlNode.Scalar key) => !key.IsText && string.Equals(key.Value, "<<", StringComparison.Ordinal);

    private void Next()
    {
        if (!parser.MoveNext())
            throw new YamlException("the text ends inside a document");
    }

    private YamlNode Anchored(NodeEvent from, YamlNode node)
    {
        if (!from.Anchor.IsEmpty)
            _anchors[from.Anchor.Value] = node;
        return node;
    }

    private static bool IsText(Scalar scalar) =>
        scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any)
        || (!scalar.Tag.IsEmpty && (scalar.Tag.IsNonSpecific || scalar.Tag.Value is "tag:yaml.org,2002:str" or "tag:yaml.org,2002:binary"));

    private static int LineOf(ParsingEvent parsingEvent) => (int)parsingEvent.Start.Line;
}
