namespace MultiCluster.Hocon.Schema;

/// <summary>Takes the placeholders out of a resolved tree and gives their defaults to the entries beside them.</summary>
internal static class TemplateFiller
{
    public static ConfigObject Fill(ConfigObject value, SchemaNode schema)
    {
        var template = schema.WildcardKey is { } wildcard ? value.Find(wildcard) as ConfigObject : null;
        var fields = new List<KeyValuePair<string, ConfigNode>>();
        foreach (var (key, field) in value.Fields)
        {
            if (key == schema.WildcardKey)
                continue;
            var filled = template is not null && field is ConfigObject entry ? Under(entry, template) : field;
            fields.Add(new(key, filled is ConfigObject o && schema.Find(key) is { } child ? Fill(o, child) : filled));
        }
        return new ConfigObject(value.Origin, fields);
    }

    /// <summary>The template alone, as an entry without keys of its own would get it.</summary>
    public static ConfigObject Alone(ConfigObject template, SchemaNode schema) =>
        Fill(Under(new ConfigObject(template.Origin, []), template), schema);

    /// <summary>What the entry has wins. A null in the template says that the key may be left out.</summary>
    private static ConfigObject Under(ConfigObject entry, ConfigObject template)
    {
        var fields = new OrderedDictionary<string, ConfigNode>(entry.Fields, StringComparer.Ordinal);
        foreach (var (key, preset) in template.Fields)
        {
            var own = entry.Find(key);
            if (preset is ConfigObject inner && own is null or ConfigObject)
                SetUnlessEmpty(fields, key, Under(own as ConfigObject ?? new ConfigObject(inner.Origin, []), inner));
            else if (own is null && (preset is not ConfigScalar { IsNull: true } || SchemaNode.IsPlaceholder(key)))
                fields[key] = preset;
        }
        return new ConfigObject(entry.Origin, fields);
    }

    /// <summary>An object of nothing but optional keys does not come into being by itself.</summary>
    private static void SetUnlessEmpty(OrderedDictionary<string, ConfigNode> fields, string key, ConfigObject value)
    {
        if (value.Fields.Count > 0 || fields.ContainsKey(key))
            fields[key] = value;
    }
}
