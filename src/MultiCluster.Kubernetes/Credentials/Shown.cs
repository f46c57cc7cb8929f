using System.Text.RegularExpressions;

namespace MultiCluster.Kubernetes.Credentials;

/// <summary>What a program says, for messages: one line, cut, and without what may be a token.</summary>
internal static partial class Shown
{
    private const int Max = 400;

    /// <summary>": text", or nothing.</summary>
    public static string After(string text) => Text(text) is { Length: > 0 } shown ? $": {shown}" : "";

    public static string Text(string text)
    {
        var line = Spaces().Replace(Tokens().Replace(text, "***"), " ").Trim();
        return line.Length <= Max ? line : line[..Max] + "…";
    }

    /// <summary>
    /// Long runs of the characters of base64 and JSON Web Tokens, and whatever follows a word that announces a secret.
    /// </summary>
    [GeneratedRegex("""[A-Za-z0-9+_=.-]{32,}|(?<=(?i:token|password|secret|authorization|bearer)["']?\s*[:= ]\s*["']?)(?!\s)[^\s"',}]{4,}""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Tokens();

    [GeneratedRegex(@"[\s\p{C}]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Spaces();
}
