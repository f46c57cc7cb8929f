using System.Globalization;
using System.Text;
using MultiCluster.Federation.Text;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>How groups are named in a replacement.</summary>
internal enum ReplacementForm
{
    /// <summary><c>\1</c>, as HAProxy; % begins a percent-encoding, or is written %%.</summary>
    Backslash,

    /// <summary><c>$1</c>, as nginx.</summary>
    Dollar,
}

/// <summary>What takes the place of a path.</summary>
internal static class Replacements
{
    private const int MaxLength = 1024;
    private const string PathCharacters = "-._~!$&()*+,=:@/";

    /// <param name="groups">That the expression has; zero: it is a plain path.</param>
    /// <returns>What is wrong and the fix; null when all is well.</returns>
    public static string? Read(string written, ReplacementForm form, int groups, out string replacement)
    {
        replacement = "";
        if (written.Length is 0 or > MaxLength)
            return string.Create(CultureInfo.InvariantCulture, $"has {written.Length} characters; write 1 to {MaxLength}");
        var mark = form == ReplacementForm.Backslash ? '\\' : '$';
        if (written[0] != '/' && written[0] != mark)
            return $"is {Shown.Quoted(written)}; write a path that begins with /";
        if (form == ReplacementForm.Backslash)
            written = written.Replace("%%", "%", StringComparison.Ordinal);
        var text = new StringBuilder();
        for (var i = 0; i < written.Length; i++)
        {
            var c = written[i];
            if (c == mark && i + 1 < written.Length && char.IsAsciiDigit(written[i + 1]))
            {
                if (written[++i] - '0' > groups)
                    return $"names group {written[i]} of an expression that has {groups}; put parts of it in ( ), or remove {mark}{written[i]}";
                text.Append('\\').Append(written[i]);
            }
            else if (c == '%' ? PercentEncoding.ByteAt(written, i) is null : c == '$' && form == ReplacementForm.Dollar || !IsOfPath(c))
            {
                return $"is {Shown.Quoted(written)}, which holds {Shown.Quoted(c.ToString())}; "
                    + "write a path of letters, digits and -._~!&()*+,=:@/, others percent-encoded, without a query and without variables";
            }
            else
            {
                text.Append(c);
            }
        }

        replacement = text.ToString();
        return null;
    }

    private static bool IsOfPath(char c) => char.IsAsciiLetterOrDigit(c) || PathCharacters.Contains(c, StringComparison.Ordinal);
}
