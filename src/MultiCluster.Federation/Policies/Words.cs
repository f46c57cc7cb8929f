using MultiCluster.Federation.Text;
using MultiCluster.Model.Identity;

namespace MultiCluster.Federation.Policies;

/// <summary>Lists of words in messages.</summary>
internal static class Words
{
    private const int MaxListed = 10;

    public static string OneOf(IReadOnlyList<string> words) =>
        words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words.Take(words.Count - 1))} or {words[^1]}";

    public static string Known(IReadOnlyCollection<MemberName> members)
    {
        if (members.Count == 0)
            return "there is none yet; register one, or remove the name";
        var names = string.Join(", ", members.Order().Take(MaxListed).Select(static member => Shown.Plain(member)));
        return $"there are {names}{(members.Count > MaxListed ? $" and {members.Count - MaxListed} more" : "")}; name one of them, or remove the name";
    }

    /// <summary>The candidate that <paramref name="written"/> was likely meant to be; null when none is near.</summary>
    public static string? Nearest(string written, IEnumerable<string> candidates)
    {
        if (written.Length > MaxNameLength)
            return null;
        var nearest = candidates
            .Select(candidate => (Candidate: candidate, Distance: Distance(written, candidate)))
            .OrderBy(static item => item.Distance).ThenBy(static item => item.Candidate, StringComparer.Ordinal)
            .FirstOrDefault();
        return nearest.Candidate is { } found && nearest.Distance <= Math.Max(2, found.Length / 3) ? found : null;
    }

    private const int MaxNameLength = 63;

    /// <summary>Levenshtein's.</summary>
    private static int Distance(string left, string right)
    {
        var previous = new int[right.Length + 1];
        var current = new int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
            previous[j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var substituted = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                current[j] = Math.Min(substituted, Math.Min(previous[j], current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[right.Length];
    }
}
