using System.Text.Json;
using YamlDotNet.Core;

namespace MultiCluster.Kubernetes.Yaml;

/// <summary>Writes a YAML tree as JSON, with aliases and merge keys expanded within a budget.</summary>
internal sealed class YamlJsonWriter(Utf8JsonWriter json)
{
    /// <summary>A file of aliases to aliases grows without end; a Kubernetes object has 1.5 MB at most.</summary>
    private const int MaxNodes = 500_000;

    private int _nodes;

    public void Write(YamlNode node) => Write(node, 0);

    private void Write(YamlNode node, int depth)
    {
        if (++_nodes > MaxNodes || depth > YamlTreeReader.MaxDepth)
            throw new YamlException(new Mark(0, node.Line, 1), new Mark(0, node.Line, 1), "aliases expand to too much");
        switch (node)
        {
            case YamlNode.Scalar scalar:
                WriteScalar(scalar);
                break;
            case YamlNode.Sequence sequence:
                json.WriteStartArray();
                foreach (var item in sequence.Items)
                    Write(item, depth + 1);
                json.WriteEndArray();
                break;
            case YamlNode.Mapping mapping:
                WriteMapping(mapping, depth);
                break;
        }
    }

    private void WriteMapping(YamlNode.Mapping mapping, int depth)
    {
        json.WriteStartObject();
        foreach (var (key, value) in Effective(mapping, depth))
        {
            json.WritePropertyName(key);
            Write(value, depth + 1);
        }

        json.WriteEndObject();
    }

    /// <summary>Own entries first; of merged ones the first wins.</summary>
    private IEnumerable<KeyValuePair<string, YamlNode>> Effective(YamlNode.Mapping mapping, int depth)
    {
        if (!mapping.Entries.Any(static entry => YamlTreeReader.IsMerge(entry.Key)))
            return mapping.Entries.Select(static entry => KeyValuePair.Create(entry.Key.Value, entry.Value));
        var all = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        foreach (var (key, value) in mapping.Entries.Where(static entry => !YamlTreeReader.IsMerge(entry.Key)))
            all[key.Value] = value;
        foreach (var (_, value) in mapping.Entries.Where(static entry => YamlTreeReader.IsMerge(entry.Key)))
            Merge(value, all, depth + 1);
        return all;
    }

    private void Merge(YamlNode source, Dictionary<string, YamlNode> into, int depth)
    {
        switch (source)
        {
            case YamlNode.Mapping mapping when ++_nodes <= MaxNodes && depth <= YamlTreeReader.MaxDepth:
                foreach (var (key, value) in Effective(mapping, depth))
                    into.TryAdd(key, value);
                break;
            case YamlNode.Sequence sequence:
                foreach (var item in sequence.Items.OfType<YamlNode.Mapping>())
                    Merge(item, into, depth);
                break;
            default:
                throw new YamlException(new Mark(0, source.Line, 1), new Mark(0, source.Line, 1), "<< takes a mapping or a list of them");
        }
    }

    private void WriteScalar(YamlNode.Scalar scalar)
    {
        switch (scalar.IsText ? ScalarType.Text : YamlScalars.Classify(scalar.Value))
        {
            case ScalarType.Null:
                json.WriteNullValue();
                break;
            case ScalarType.True:
                json.WriteBooleanValue(true);
                break;
            case ScalarType.False:
                json.WriteBooleanValue(false);
                break;
            case ScalarType.Number:
                json.WriteRawValue(YamlScalars.JsonNumber(scalar.Value)!);
                break;
            default:
                json.WriteStringValue(scalar.Value);
                break;
        }
    }
}
