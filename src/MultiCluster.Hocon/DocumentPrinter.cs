using System.Text;
using MultiCluster.Hocon.Schema;

namespace MultiCluster.Hocon;

/// <summary>Writes a resolved configuration as HOCON: <c>path = value  # file:line</c>.</summary>
internal sealed class DocumentPrinter(Redaction redaction, Func<HoconOrigin, string> place)
{
    private readonly StringBuilder _text = new();

    public string Print(ConfigObject root, HoconSchema? schema)
    {
        Fields(root, schema?.Root, schema is null ? default : schema.Literal.Origin, []);
        return _text.ToString();
    }

    private void Fields(ConfigObject value, SchemaNode? schema, HoconOrigin reference, IReadOnlyList<string> path)
    {
        foreach (var (key, field) in value.Fields)
        {
            string[] below = [.. path, key];
            if (field is ConfigObject { Fields.Count: > 0 } inner)
                Fields(inner, schema?.Find(key), reference, below);
            else
                Line(below, () => Value(field, below), field.Origin);
        }
        foreach (var (key, child) in schema?.Keys ?? [])
        {
            if (value.Find(key) is null)
                Absent(child, reference, [.. path, key]);
        }
    }

    /// <summary>An entry of a map does not get the nulls of its template, but its keys are there.</summary>
    private void Absent(SchemaNode schema, HoconOrigin reference, IReadOnlyList<string> path)
    {
        if (schema.Type != HoconType.Object || schema.IsOpen || schema.Wildcard is not null)
            Line(path, () => _text.Append(schema.Type == HoconType.Object ? "{}" : "null"), reference);
        else
            foreach (var (key, child) in schema.Keys)
                Absent(child, reference, [.. path, key]);
    }

    private void Line(IReadOnlyList<string> path, Action value, HoconOrigin origin)
    {
        _text.Append(HoconPath.Join(path)).Append(" = ");
        value();
        _text.Append("  # ").Append(place(origin)).Append('\n');
    }

    private void Value(ConfigNode value, IReadOnlyList<string> path)
    {
        if (value is not ConfigScalar { IsNull: true } && redaction.Hides(path))
            _text.Append(HoconPath.Quote(Redaction.Hidden));
        else if (value is ConfigScalar scalar)
            _text.Append(scalar.Kind == ScalarKind.String ? HoconPath.Quote(Redaction.Clean(scalar.Text)) : scalar.Text);
        else if (value is ConfigList list)
            Sequence('[', list.Items, ']', item => Value(item, path));
        else if (value is ConfigObject o)
            Sequence('{', o.Fields, '}', field => Field(field, path));
    }

    private void Field(KeyValuePair<string, ConfigNode> field, IReadOnlyList<string> path)
    {
        _text.Append(HoconPath.Join(field.Key)).Append(" = ");
        Value(field.Value, [.. path, field.Key]);
    }

    private void Sequence<T>(char open, IEnumerable<T> items, char close, Action<T> write)
    {
        _text.Append(open);
        var first = true;
        foreach (var item in items)
        {
            _text.Append(first ? "" : ", ");
            first = false;
            write(item);
        }
        _text.Append(close);
    }
}
