using System.Text;

namespace MultiCluster.Federation.RouteConditions;

/// <summary>Reads the words of a condition as HAProxy's configuration divides them.</summary>
internal static class AclWords
{
    /// <summary>Each of the conditions in braces; without any it is one. Null for what is not divided so.</summary>
    public static List<(bool IsNegated, IReadOnlyList<string> Words)>? Of(string text)
    {
        if (text.AsSpan().ContainsAnyExceptInRange(' ', '~') || Divide(text) is not { } words)
            return null;
        if (words.Count > 0 && words[0] is not ("{" or "!{" or "!"))
            words = ["{", .. words, "}"];
        var conditions = new List<(bool, IReadOnlyList<string>)>();
        for (var at = 0; at < words.Count; at++)
        {
            var isNegated = words[at].StartsWith('!');
            if (words[at] == "!")
                at++;
            if (at >= words.Count || words[at] is not ("{" or "!{"))
                return null;
            var end = words.FindIndex(at, static word => word == "}");
            if (end <= at + 1)
                return null;
            conditions.Add((isNegated, words[(at + 1)..end]));
            at = end;
        }

        return conditions.TrueForAll(static condition => !condition.Item2.Any(static word => word is "{" or "!{" or "||" or "or")) ? conditions : null;
    }

    /// <summary>A backslash takes the next character for itself where that could mean something else, and stays elsewhere, as in expressions.</summary>
    private static List<string>? Divide(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quote = '\0';
        var isWord = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote != '\'' && c == '\\' && i + 1 < text.Length && text[i + 1] is ' ' or '\\' or '"' or '\'')
            {
                word.Append(text[++i]);
                isWord = true;
            }
            else if (quote == '\0' ? c is '"' or '\'' : c == quote)
            {
                quote = quote == '\0' ? c : '\0';
                isWord = true;
            }
            else if (quote == '\0' && c == ' ')
            {
                End();
            }
            else
            {
                word.Append(c);
                isWord = true;
            }
        }

        End();
        return quote == '\0' ? words : null;

        void End()
        {
            if (isWord)
                words.Add(word.ToString());
            word.Clear();
            isWord = false;
        }
    }
}
