using System.Buffers;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Data;

/// <summary>
/// The alphabets of everything that reaches the Runtime API or a map file. They hold no blank, quote, backslash,
/// semicolon or angle bracket, so a value can neither end a word nor start a command; Federation refuses such values with
/// a condition, and what it let through by mistake stops here. Maps of regular expressions alone have backslashes: see
/// <see cref="Escape"/>.
/// </summary>
public static class SafeText
{
    /// <summary>Longest host of a rule: a DNS name with "*." before it.</summary>
    public const int MaxHostLength = 255;

    private const int MaxKeyLength = 4096;

    /// <summary>In a command each of its backslashes is two, and all of that must fit into HAProxy's buffer.</summary>
    public const int MaxPatternLength = 12 * 1024;

    /// <summary>The longest is a page that clients get; the command that brings it must fit into HAProxy's buffer.</summary>
    private const int MaxPolicyLength = 12 * 1024;

    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(Letters + "-._:");

    private static readonly SearchValues<char> ValueCharacters = SearchValues.Create(Letters + "-._:/|@,*~+");

    /// <summary>With back references and characters by their numbers.</summary>
    private static readonly SearchValues<char> ReplacementCharacters = SearchValues.Create(Letters + "-._:/|@,*~+\\");

    private static readonly SearchValues<char> HostCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-._");

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private static readonly SearchValues<byte> PemCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=- \n"u8);

    /// <summary>Names of backends, servers and files as HAProxy takes them.</summary>
    public static bool IsName(ReadOnlySpan<char> text) => text.Length is > 0 and <= 512 && !text.ContainsAnyExcept(NameCharacters);

    /// <summary>Values of maps; the longest is a backend's real name, which lists its members.</summary>
    public static bool IsValue(ReadOnlySpan<char> text) => text.Length is > 0 and <= 8192 && !text.ContainsAnyExcept(ValueCharacters);

    /// <summary>Values of a map.</summary>
    public static bool IsValue(MapName map, ReadOnlySpan<char> text) => RouteMaps.IsPatterns(map)
        ? text.Length is > 0 and <= 8192 && !text.ContainsAnyExcept(ReplacementCharacters)
        : IsValue(text) || (map == MapName.Policies && text.Length is > 0 and <= MaxPolicyLength && !text.ContainsAnyExcept(ValueCharacters));

    /// <summary>Keys of a map.</summary>
    public static bool IsKey(MapKey key) => IsKey(key.Map, key.Key);

    public static bool IsKey(MapName map, ReadOnlySpan<char> text) => RouteMaps.IsPatterns(map)
        ? text.Length is > 0 and <= MaxPatternLength && SafePattern.IsAlphabet(text)
        : IsKey(text);

    /// <summary>A key or value as a word of the command line, where a backslash says that the next character stands for itself (measured on 2.6 to 3.4).</summary>
    public static string Escape(string word) => word.Replace(@"\", @"\\", StringComparison.Ordinal);

    /// <summary>Host of a rule or of a certificate: lower case, exact or "*.rest".</summary>
    public static bool IsHost(ReadOnlySpan<char> text)
    {
        if (text.Length > MaxHostLength)
            return false;
        var name = text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text;
        return name.Length > 0 && name[0] != '.' && !name.ContainsAnyExcept(HostCharacters);
    }

    /// <summary>A path as in a <see cref="RouteKey"/>; may hold non-ASCII letters (a request's escapes decode to them).</summary>
    public static bool IsPath(ReadOnlySpan<char> text) => (text.Length == 0 || text[0] == '/') && IsKeyText(text);

    /// <summary>Keys of maps.</summary>
    public static bool IsKey(ReadOnlySpan<char> text)
    {
        if (text.Length > 0 && text[^1] == RouteMaps.EndMark)
            text = text[..^1];
        return text.Length > 0 && IsKeyText(text);
    }

    /// <summary>HAProxy's number of a map entry, marked as such: <c>#0x7f61f5011200</c>.</summary>
    public static bool IsReference(ReadOnlySpan<char> text) =>
        text.StartsWith("#0x", StringComparison.Ordinal) && text.Length is > 3 and <= 19 && !text[3..].ContainsAnyExcept(HexDigits);

    /// <summary>
    /// PEM as a payload: an empty line would end it and turn the rest into commands, so there is none, nor anything but
    /// base64 and its framing.
    /// </summary>
    public static bool IsPem(ReadOnlySpan<byte> text) =>
        text.StartsWith("-----BEGIN "u8) && !text.ContainsAnyExcept(PemCharacters) && text.IndexOf("\n\n"u8) < 0;

    private static bool IsKeyText(ReadOnlySpan<char> text) => text.Length <= MaxKeyLength && RoutePath.FirstForbidden(text) is null;
}
