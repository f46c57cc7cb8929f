using System.Security.Cryptography;
using System.Text;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>How a Secret holds users.</summary>
internal enum SecretForm
{
    /// <summary>A key for each, its value a hash.</summary>
    Keys,

    /// <summary>Lines of htpasswd, such as <c>name:hash</c>, under the key auth.</summary>
    File,

    /// <summary>As File, and <c>name::password</c>.</summary>
    ClearFile,
}

/// <summary>Users of a Secret. One that can't be read costs himself, and no message holds what may be a password.</summary>
internal static class UserSecret
{
    private const string FileKey = "auth";
    private const int MaxTold = 3;
    private const int MaxName = 256;
    private const int MaxHash = 512;
    private const string NameCharacters = "-_.@+=~!#$&*/|^,";
    private const string Hashes = "write one of htpasswd, such as of htpasswd -B";

    /// <summary>Apache's own MD5, and of crypt(3): MD5, bcrypt, SHA-256, SHA-512, scrypt, yescrypt.</summary>
    private static readonly string[] Methods = ["apr1", "1", "2a", "2b", "2y", "5", "6", "7", "y"];

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <returns>By name, each once: of two lines the first counts.</returns>
    public static IReadOnlyCollection<UserPassword> Read(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> data, SecretForm form, out IReadOnlyList<string> problems)
    {
        var users = new SortedDictionary<string, UserPassword>(StringComparer.Ordinal);
        var told = new List<string>();
        problems = told;
        if (form == SecretForm.Keys)
        {
            foreach (var (name, value) in data)
                Add(name, Text(value)?.TrimEnd('\r', '\n'), $"key {Shown.Quoted(name)}");
            return users.Values;
        }

        if (!data.TryGetValue(FileKey, out var bytes) || Text(bytes) is not { } file)
        {
            told.Add($"which has no text under the key {FileKey}; write lines such as NAME:HASH there");
            return [];
        }

        var number = 0;
        foreach (var line in file.Split('\n').Select(static line => line.Trim()))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
                continue;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var hash = colon < 0 ? null : line[(colon + 1)..];
            if (form == SecretForm.ClearFile && hash is [':', _, ..])
                hash = Clear(line[..colon], hash[1..]);
            else if (form == SecretForm.File && hash is not null && hash.StartsWith("{PLAIN}", StringComparison.Ordinal))
                hash = Clear(line[..colon], hash["{PLAIN}".Length..]);
            Add(colon < 0 ? "" : line[..colon], hash, $"line {number}");
        }

        return users.Values;

        void Add(string name, string? hash, string where)
        {
            if (ProblemOf(name, hash) is not { } problem)
                users.TryAdd(name, new UserPassword(name, hash!));
            else if (told.Count < MaxTold)
                told.Add($"whose {where} lets nobody in: {problem}");
        }
    }

    private static string? ProblemOf(string name, string? hash)
    {
        if (hash is null || hash.Length is 0 or > MaxHash)
            return $"it has no hash of a password; {Hashes}";
        if (name.Length is 0 or > MaxName || !name.All(static c => char.IsAsciiLetterOrDigit(c) || NameCharacters.Contains(c, StringComparison.Ordinal)))
            return $"it has no name of letters, digits and {NameCharacters}; write one";
        return IsHash(hash) ? HashCost.Problem(hash) : $"what stands for the password is no hash that is known; {Hashes}";
    }

    private static bool IsHash(string hash)
    {
        if (hash.StartsWith("{SHA}", StringComparison.Ordinal))
            return hash.Length == 33 && hash[^1] == '=' && hash[5..^1].All(static c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/');
        if (hash.StartsWith(ClearPrefix, StringComparison.Ordinal))
            return hash.Length == ClearPrefix.Length + 64 && hash[ClearPrefix.Length..].All(char.IsAsciiHexDigitLower);
        if (!hash.StartsWith('$'))
            return hash.Length == 13 && hash.All(static c => IsOfCrypt(c));
        var parts = hash.Split('$');
        return parts.Length >= 4 && Methods.Contains(parts[1], StringComparer.Ordinal) && parts[^1].Length > 0
            && parts.All(static part => part.All(static c => IsOfCrypt(c) || c is '=' or ','));
    }

    private static bool IsOfCrypt(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '/';

    private const string ClearPrefix = "{CLEAR-SHA256}";

    private static string Clear(string name, string password) =>
        ClearPrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{name}:{password}")));

    private static string? Text(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return Utf8.GetString(bytes.Span);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
