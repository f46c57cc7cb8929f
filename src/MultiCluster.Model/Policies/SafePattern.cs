namespace MultiCluster.Model.Policies;

/// <summary>
/// The alphabet of regular expressions that reach a proxy: of PCRE, without blanks, quotes, ';', '&lt;' and '&gt;', so that an expression is one
/// word wherever it is written. Who makes one writes such characters as <c>\xHH</c>.
/// </summary>
public static class SafePattern
{
    public const int MaxLength = 2048;

    private static readonly System.Buffers.SearchValues<char> Characters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./^$()|?*+[]{}\\,:=@&~!%");

    /// <summary>Also of what a proxy is given, which is longer than what anybody wrote.</summary>
    public static bool IsAlphabet(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Characters);

    public static bool IsSafe(ReadOnlySpan<char> pattern) => pattern.Length is > 0 and <= MaxLength && IsAlphabet(pattern);
}
