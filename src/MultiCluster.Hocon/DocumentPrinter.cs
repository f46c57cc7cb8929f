using System.Text;

namespace MultiCluster.Hocon;

/// <summary>Writes a resolved configuration as HOCON: <c>path = value  # file:line</c>.</summary>
internal static class DocumentPrinter
{
    public static string Print(ConfigObject root, Redaction redaction)
    {
        var text = new StringBuilder();
        Fields(text, root, [], redaction);
        return text.ToString();
    }

    private static void Fields(StringBuilder text, ConfigObject value, IReadOnlyList<string> path, Redaction redaction)
    {
        foreach (var (key, field) in value.Fields)
        {
            string[] below = [.. path, key];
            if (field is ConfigObject { Fields.Count: > 0 } inner)
            {
                Fields(text, inner, below, redaction);
                continue;
            }
            text.Append(HoconPath.Join(below)).Append(" = ");
            Value(text, field, below, redaction);
            text.Append("  # ").Append(field.Origin).Append('\n');
        }
    }

    private static void Value(StringBuilder text, ConfigNode value, IReadOnlyList<string> path, Redaction redaction)
    {
        if (value is not ConfigScalar { IsNull: true } && redaction.Hides(path))
            text.Append(HoconPath.Quote(Redaction.Hidden));
        else if (value is ConfigScalar scalar)
            text.Append(scalar.Kind == ScalarKind.String ? HoconPath.Quote(Redaction.Clean(scalar.Text)) : scalar.Text);
        else if (value is ConfigList list)
            Sequence(text, '[', list.Items, ']', item => Value(text, item, path, redaction));
        else if (value is ConfigObject o)
            Sequence(text, '{', o.Fields, '}', field => Field(text, field, path, redaction));
    }

    private static void Field(StringBuilder text, KeyValuePair<string, ConfigNode> field, IReadOnlyList<string> path, Redaction redaction)
    {
        text.Append(HoconPath.Join(field.Key)).Append(" = ");
        Value(text, field.Value, [.. path, field.Key], redaction);
    }

    private static void Sequence<T>(StringBuilder text, char open, IEnumerable<T> items, char close, Action<T> write)
    {
        text.Append(open);
        var first = true;
        foreach (var item in items)
        {
            text.Append(first ? "" : ", ");
            first = false;
            write(item);
        }
        text.Append(close);
    }
}
