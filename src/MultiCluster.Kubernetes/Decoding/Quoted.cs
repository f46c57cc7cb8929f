using System.Text;

namespace MultiCluster.Kubernetes.Decoding;

/// <summary>Untrusted text for messages and logs: quoted, one line, bounded.</summary>
internal static class Quoted
{
    private const int MaxShown = 80;

    public static string Text(string text)
    {
        var shown = new StringBuilder("\"");
        foreach (var rune in text.AsSpan(0, Math.Min(text.Length, MaxShown)).EnumerateRunes())
        {
            if (rune.Value is < 0x20 or 0x7f or '"' or '\\' || !rune.IsAscii)
                shown.Append($"\\u{{{rune.Value:x}}}");
            else
                shown.Append((char)rune.Value);
        }

        return shown.Append(text.Length > MaxShown ? "…\"" : "\"").ToString();
    }
}
