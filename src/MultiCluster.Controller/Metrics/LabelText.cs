using System.Text;

namespace MultiCluster.Controller.Metrics;

/// <summary>Labels as they stand between the braces. Values may be anything: names come from objects that anybody may write.</summary>
public static class LabelText
{
    public static byte[] None { get; } = [];

    public static byte[] Of(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in labels)
        {
            text.Append(text.Length == 0 ? "" : ",").Append(name).Append("=\"");
            AppendValue(text, value);
            text.Append('"');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <param name="before">As of <see cref="Of"/>.</param>
    public static byte[] And(byte[] before, params ReadOnlySpan<(string Name, string Value)> more)
    {
        var after = Of(more);
        return before.Length == 0 ? after : after.Length == 0 ? before : [.. before, (byte)',', .. after];
    }

    /// <summary>The format knows three escapes, and takes everything else as it is.</summary>
    private static void AppendValue(StringBuilder text, string value)
    {
        foreach (var c in value)
        {
            switch (c)
            {
                case '\\':
                    text.Append(@"\\");
                    break;
                case '"':
                    text.Append("\\\"");
                    break;
                case '\n':
                    text.Append(@"\n");
                    break;
                default:
                    text.Append(c);
                    break;
            }
        }
    }
}
