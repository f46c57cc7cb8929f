using MultiCluster.Hocon.Resolution;

namespace MultiCluster.Hocon.Schema;

/// <summary>Finds unknown keys and wrong types, all of them.</summary>
internal sealed class SchemaCheck(SchemaNode root)
{
    private readonly List<HoconError> errors = [];
    private readonly HashSet<string> unknown = new(StringComparer.Ordinal);

    public IReadOnlyList<HoconError> Errors => errors;

    /// <summary>Keys as written, so that one whose value is undefined or overridden is checked too.</summary>
    public void Keys(ObjectCell literal) => Keys(literal, root, "");

    public void Values(ConfigObject value) => Value(value, root, []);

    private void Keys(ObjectCell literal, SchemaNode schema, string path)
    {
        if (schema.Type != HoconType.Object || schema.IsOpen)
            return;
        foreach (var (key, cells) in literal.Slots)
        {
            var child = schema.Find(key);
            if (child is null)
            {
                Unknown(cells[0].Origin, schema, path, key);
                continue;
            }
            foreach (var inner in cells.OfType<ObjectCell>())
                Keys(inner, child, HoconPath.Child(path, key));
        }
    }

    private void Value(ConfigNode value, SchemaNode schema, IReadOnlyList<string> path)
    {
        if (!HoconTypes.Accepts(schema.Type, value) && !(schema.Wildcard is not null && value is ConfigScalar { IsNull: true }))
        {
            var detail = value.Origin.Variable is { } variable ? $" (from environment variable {variable})" : "";
            errors.Add(HoconError.At(
                value.Origin,
                $"\"{HoconPath.Join(path)}\" must be {HoconTypes.Words(schema.Type)}, but is {Describe.Value(value, path)}{detail}"));
        }
        else if (value is ConfigObject o && !schema.IsOpen)
        {
            Fields(o, schema, path);
        }
        else if (value is ConfigList list && schema.Element is { } element)
        {
            for (var i = 0; i < list.Items.Count; i++)
                Value(list.Items[i], element, [.. path, $"{i}"]);
        }
    }

    private void Fields(ConfigObject value, SchemaNode schema, IReadOnlyList<string> path)
    {
        foreach (var (key, field) in value.Fields)
        {
            if (schema.Find(key) is { } child)
                Value(field, child, [.. path, key]);
            else
                Unknown(field.Origin, schema, HoconPath.Join(path), key);
        }
    }

    private void Unknown(HoconOrigin origin, SchemaNode schema, string parent, string key)
    {
        var path = HoconPath.Child(parent, key);
        if (!unknown.Add(path))
            return;
        var advice = schema.WildcardKey == key
            ? $"; {key} stands for a name of your choice"
            : Suggestion.For(root, schema, parent, key) is { } better ? $"; did you mean \"{better}\"?" : "";
        errors.Add(HoconError.At(origin, $"unknown key \"{path}\"{advice}"));
    }
}
