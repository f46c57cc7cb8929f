using Microsoft.Extensions.Configuration;
using MultiCluster.Hocon.Schema;

namespace MultiCluster.Hocon.Configuration;

/// <summary>A document as the <c>a:b:0</c> keys of Microsoft.Extensions.Configuration.</summary>
/// <remarks>
/// With a schema, durations, sizes, whole numbers and booleans get the spelling that .NET's converters read. Null and an empty
/// object are a key without value, an empty list a key with an empty value, as in the JSON provider.
/// </remarks>
internal sealed class ConfigurationFlattener
{
    private readonly Dictionary<string, string?> data = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, HoconOrigin> origins = new(StringComparer.OrdinalIgnoreCase);

    public static Dictionary<string, string?> Flatten(HoconDocument document)
    {
        var flattener = new ConfigurationFlattener();
        flattener.Fields(document.Root, document.Schema?.Root, "");
        return flattener.data;
    }

    private void Value(ConfigNode value, SchemaNode? schema, string path)
    {
        if (value is ConfigObject { Fields.Count: > 0 } o)
            Fields(o, schema, path);
        else if (value is ConfigList { Items.Count: > 0 } list)
            Items(list, schema, path);
        else
            data[path] = Leaf(value, schema);
    }

    private static string? Leaf(ConfigNode value, SchemaNode? schema) => value switch
    {
        ConfigScalar { IsNull: false } scalar => schema is null ? scalar.Text : HoconTypes.Canonical(schema.Type, scalar.Text),
        ConfigList => "",
        _ => null,
    };

    private void Items(ConfigList list, SchemaNode? schema, string path)
    {
        for (var i = 0; i < list.Items.Count; i++)
            Value(list.Items[i], schema?.Element, ConfigurationPath.Combine(path, $"{i}"));
    }

    private void Fields(ConfigObject value, SchemaNode? schema, string path)
    {
        foreach (var (key, field) in value.Fields)
        {
            if (key.Contains(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal))
                throw new HoconException(field.Origin, $"key \"{key}\" contains ':', which .NET configuration takes for a separator");
            var below = path.Length == 0 ? key : ConfigurationPath.Combine(path, key);
            if (!origins.TryAdd(below, field.Origin))
                throw new HoconException(field.Origin, $"key \"{key}\" differs only in case from the one at {origins[below]}, which .NET configuration can't tell apart");
            Value(field, schema?.Find(key), below);
        }
    }
}
