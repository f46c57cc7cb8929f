using System.Buffers;

namespace MultiCluster.HAProxy.Data;

/// <summary>
/// The alphabets of everything that reaches the Runtime API or a map file. They hold no blank, quote, backslash,
/// semicolon or angle bracket, so a value can neither end a word nor start a command; Federation refuses such values with
/// a condition, and what it let through by mistake stops here.
/// </summary>
public static class SafeText
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(Letters + "-._:");

    private static readonly SearchValues<char> ValueCharacters = SearchValues.Create(Letters + "-._:/|@,*");

    private static readonly SearchValues<char> KeyCharacters = SearchValues.Create(Letters + "-._~!$&()*+,=:@/" + RouteMaps.EndMark);

    /// <summary>Names of backends, servers and files as HAProxy takes them.</summary>
    public static bool IsName(ReadOnlySpan<char> text) => text.Length is > 0 and <= 512 && !text.ContainsAnyExcept(NameCharacters);

    /// <summary>Values of maps.</summary>
    public static bool IsValue(ReadOnlySpan<char> text) => text.Length is > 0 and <= 4096 && !text.ContainsAnyExcept(ValueCharacters);

    /// <summary>Keys of the route maps: the path part may hold non-ASCII letters (a request's escapes decode to them).</summary>
    public static bool IsKey(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > 4096 || text[0] == '#')
            return false;
        foreach (var c in text)
        {
            if (!KeyCharacters.Contains(c) && !IsHarmlessNonAscii(c))
                return false;
        }

        return true;
    }

    /// <summary>Surrogates pass since they only come in pairs from valid UTF-8; C1 controls and Unicode blanks do not.</summary>
    private static bool IsHarmlessNonAscii(char c) => c >= '\u00a1' && !char.IsWhiteSpace(c) && !char.IsControl(c);
}
