using System.Text.RegularExpressions;

namespace MultiCluster.Hocon;

/// <summary>
/// Decides which values are not shown. A key is hidden when its last word is in the list (<c>admin-token</c>, <c>tlsKey</c>,
/// but not <c>token-file</c>), with all that lies under it. Passwords inside URLs and connection strings are hidden everywhere.
/// </summary>
/// <param name="names">Last words of keys.</param>
/// <param name="paths">Whole keys whose names do not tell.</param>
public sealed partial class Redaction(IReadOnlyCollection<string> names, params IReadOnlyCollection<string> paths)
{
    internal const string Hidden = "<hidden>";

    public static Redaction Default { get; } = new(["token", "password", "secret", "key"]);

    public bool Hides(IEnumerable<string> path) => path.Any(Hides) || (paths.Count > 0 && paths.Contains(HoconPath.Join(path), StringComparer.Ordinal));

    public static string Clean(string text)
    {
        if (text.Contains("://", StringComparison.Ordinal))
            text = UserInfo().Replace(text, $"${{head}}{Hidden}@");
        return text.Contains('=', StringComparison.Ordinal) ? PasswordSetting().Replace(text, $"${{head}}{Hidden}") : text;
    }

    private bool Hides(string key)
    {
        foreach (var name in names)
        {
            if (EndsWith(key, name) || EndsWith(key, $"{name}s"))
                return true;
        }
        return false;
    }

    private static bool EndsWith(string key, string word)
    {
        if (!key.EndsWith(word, StringComparison.OrdinalIgnoreCase))
            return false;
        var start = key.Length - word.Length;
        return start == 0 || !char.IsLetter(key[start - 1]) || char.IsUpper(key[start]);
    }

    [GeneratedRegex("(?<head>://[^/@:\\s]*:)[^/@\\s]*@", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex UserInfo();

    [GeneratedRegex("(?<head>(?:password|pwd)\\s*=\\s*)[^;\\s&]*", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex PasswordSetting();
}
