using System.Globalization;
using System.Text;
using MultiCluster.Model.Identity;

namespace MultiCluster.Federation.Text;

/// <summary>Untrusted text made fit for a message: printable ASCII only, at most 80 characters of it.</summary>
internal static class Shown
{
    public const int MaxLength = 80;

    /// <summary>In double quotes.</summary>
    public static string Quoted(string value) => $"\"{Escape(value)}\"";

    public static string Key(ObjectKey key) => Escape(key.ToString());

    public static string Plain(object value) => Escape(value.ToString() ?? "");

    /// <summary>Such as <c>U+000A</c>.</summary>
    public static string CodePoint(char c) => string.Create(CultureInfo.InvariantCulture, $"U+{(int)c:X4}");

    private static string Escape(string value)
    {
        if (value.Length <= MaxLength && !value.AsSpan().ContainsAnyExceptInRange(' ', '~') && !value.AsSpan().ContainsAny('"', '\\'))
            return value;
        var text = new StringBuilder();
        foreach (var c in value.AsSpan(0, Math.Min(value.Length, MaxLength)))
            Append(text, c);
        return value.Length > MaxLength ? text.Append("...").ToString() : text.ToString();
    }

    private static void Append(StringBuilder text, char c)
    {
        if (c is '"' or '\\')
            text.Append('\\').Append(c);
        else if (c is >= ' ' and <= '~')
            text.Append(c);
        else
            text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
    }
}
