using System.Text;
using System.Text.Unicode;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Ingresses;

/// <summary>The path of an Ingress rule, percent-decoded, or what is wrong with it.</summary>
/// <param name="Problem">What is wrong and the fix; null when <paramref name="Path"/> is good.</param>
internal readonly record struct PathReading(string Path, string? Problem)
{
    /// <summary>Of the decoded path: what a map key of the proxy takes along with a host.</summary>
    public const int MaxBytes = 1024;

    /// <summary>Normal form for a route key; requests are decoded before they are compared with it.</summary>
    public static PathReading Parse(string? written, PathMatch match)
    {
        if (string.IsNullOrEmpty(written))
            return match == PathMatch.Exact ? Refuse("is missing; pathType Exact needs one") : new PathReading("", null);
        if (written[0] != '/')
            return Refuse($"{Shown.Quoted(written)} must begin with '/'");
        if (written.Length > 3 * MaxBytes)
            return TooLong(written);
        Span<byte> bytes = stackalloc byte[written.Length];
        if (Decode(written, bytes, out var length) is { } problem)
            return Refuse($"{Shown.Quoted(written)} {problem}");
        if (length > MaxBytes)
            return TooLong(written);
        if (!Utf8.IsValid(bytes[..length]))
            return Refuse($"{Shown.Quoted(written)} decodes to bytes that are not UTF-8; percent-encode the UTF-8 form of each character");
        var path = Encoding.UTF8.GetString(bytes[..length]);
        if (ProblemOf(path) is { } decoded)
            return Refuse($"{Shown.Quoted(written)} {decoded}");
        return new PathReading(match == PathMatch.Prefix ? path.TrimEnd('/') : path, null);
    }

    private static string? Decode(string written, Span<byte> bytes, out int length)
    {
        length = 0;
        for (var i = 0; i < written.Length; i++)
        {
            var c = written[i];
            if (c != '%')
            {
                if (ProblemOf(c) is { } problem)
                    return problem;
                bytes[length++] = (byte)c;
                continue;
            }

            if (PercentEncoding.ByteAt(written, i) is not { } value)
                return $"holds {Shown.Quoted(written.Substring(i, Math.Min(3, written.Length - i)))}, "
                    + "which is no percent-encoding; end the path before it";
            if (value == (byte)'/')
                return "holds an encoded slash (%2F), which servers read in different ways; write '/' or another path";
            bytes[length++] = value;
            i += 2;
        }

        return null;
    }

    private static string? ProblemOf(char c) => c switch
    {
        '?' => "holds '?', which begins a query; routes match the path only, so remove it",
        '#' => "holds '#', which begins a fragment and never reaches a server; remove it",
        > '~' and (not '\u007F') => $"holds {Shown.CodePoint(c)}; write it percent-encoded, as UTF-8",
        _ when char.IsWhiteSpace(c) => $"holds whitespace ({Shown.CodePoint(c)}); remove it",
        _ when char.IsControl(c) => $"holds the control character {Shown.CodePoint(c)}; remove it",
        _ => null,
    };

    private static string? ProblemOf(string decoded)
    {
        foreach (var c in decoded)
        {
            if (char.IsWhiteSpace(c))
                return $"decodes to whitespace ({Shown.CodePoint(c)}); remove it";
            if (char.IsControl(c))
                return $"decodes to the control character {Shown.CodePoint(c)}; remove it";
        }

        if (RoutePath.FirstForbidden(decoded) is { } forbidden)
            return $"holds {Shown.Quoted(forbidden.ToString())}, which the path of a route can't hold, percent-encoded or not; end the path before it";

        if (decoded.Contains("//", StringComparison.Ordinal))
            return "holds an empty path element (//), which requests lose before they are matched; write one '/'";
        foreach (var element in decoded.AsSpan().Split('/'))
        {
            if (decoded.AsSpan(element) is "." or "..")
                return "holds a dot segment ('.' or '..'), which no request keeps; write the path it leads to";
        }

        return null;
    }

    private static PathReading Refuse(string problem) => new("", problem);

    private static PathReading TooLong(string written) =>
        Refuse($"{Shown.Quoted(written)} is too long; a path has at most {MaxBytes} bytes when decoded");
}
