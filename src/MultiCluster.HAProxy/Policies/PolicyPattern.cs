using System.Globalization;
using System.Text;

namespace MultiCluster.HAProxy.Policies;

/// <summary>
/// Expressions as keys of the files of patterns. All of a file are tried on a policy's id, a letter, a line end and the text in question:
/// the id keeps them apart, the line end is where an expression's own '^' matches, and no text of a request holds another.
/// </summary>
internal static class PolicyPattern
{
    /// <summary>
    /// Before the id. One that tries too many ways is given up, as if it did not match: without the limit of 100,000 one of PCRE's own holds,
    /// a hundred times that.
    /// </summary>
    public const string Start = "(*LIMIT_MATCH=100000)^";

    /// <summary>Matches the whole text.</summary>
    public static string Whole(string id, char letter, string pattern) => $"{Beginning(id, letter)}{Group(pattern)}$";

    /// <summary>Matches anywhere in the text; what is before does not belong to the match.</summary>
    public static string Anywhere(string id, char letter, string pattern) => $"{Beginning(id, letter)}{Skip(pattern)}\\K{Group(pattern)}";

    /// <summary>
    /// As above, where none of <paramref name="others"/> matches: which of a policy's expressions comes first must not depend on the order of
    /// the map. What would be group 0 is group 1, and so on.
    /// </summary>
    public static string Anywhere(string id, char letter, string pattern, IEnumerable<string> others)
    {
        // The groups that count come first.
        var key = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{Beginning(id, letter)}(?={Skip(pattern)}({Group(pattern)}))"));
        foreach (var other in others)
            key.Append(CultureInfo.InvariantCulture, $"(?!{Skip(other)}{Group(other)})");
        return key.ToString();
    }

    private static string Beginning(string id, char letter) => string.Create(CultureInfo.InvariantCulture, $"{Start}{id}:{letter}\\n");

    private static string Group(string pattern) => $"(?m:{pattern})";

    /// <summary>Looking further on can't help one that matches at the start only.</summary>
    private static string Skip(string pattern) => pattern.StartsWith('^') && !pattern.Contains('|', StringComparison.Ordinal) ? "" : ".*?";
}
