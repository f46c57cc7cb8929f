using System.Security.Cryptography;
using System.Text;

namespace MultiCluster.Host.Admin;

/// <summary>
/// Who may call, by token. A line of the file is a name, a role and the SHA-256 of the token in hexadecimal digits, as "mcctl token new" writes it: who
/// reads the file can't call.
/// </summary>
internal sealed class AdminTokens
{
    private const int DigestLength = 64;

    private readonly Dictionary<string, AdminCaller> _callers;

    private AdminTokens(Dictionary<string, AdminCaller> callers) => _callers = callers;

    /// <returns>Or what is wrong, with the number of the line.</returns>
    public static (AdminTokens? Tokens, string? Error) Parse(string text)
    {
        var callers = new Dictionary<string, AdminCaller>(StringComparer.OrdinalIgnoreCase);
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || words[0].StartsWith('#'))
                continue;
            if (words is not [var name, var role, var digest] || !Enum.TryParse<AdminRole>(role, ignoreCase: true, out var known) || char.IsAsciiDigit(role[0]))
                return (null, $"line {number} must be a name, a role (view, operate or admin) and a digest, as \"mcctl token new\" writes it");
            if (digest.Length != DigestLength || !digest.All(char.IsAsciiHexDigit))
                return (null, $"line {number}: the digest of {name} is not {DigestLength} hexadecimal digits; write what \"mcctl token new\" prints, never the token itself");
            callers[digest] = new AdminCaller(name, known);
        }

        return (new AdminTokens(callers), null);
    }

    /// <returns>Null: nobody has that token.</returns>
    public AdminCaller? Find(string token) => _callers.GetValueOrDefault(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token))));
}
