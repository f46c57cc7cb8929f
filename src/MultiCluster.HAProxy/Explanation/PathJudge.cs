using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MultiCluster.HAProxy.Policies;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Explanation;

/// <summary>The path that endpoints see, as <see cref="Program.RewriteSection"/> makes it.</summary>
internal static class PathJudge
{
    public static string Rewrite(EquatableArray<PathRewrite> rewrites, AskedRequest request)
    {
        if (rewrites.IsEmpty)
            return request.Path;
        if (Try(rewrites, request.Path) is { } path)
            return path;
        return request.RoutePath != request.Path && Try(rewrites, request.RoutePath) is { } again ? Encode(again) : request.Path;
    }

    private static string? Try(EquatableArray<PathRewrite> rewrites, string path)
    {
        foreach (var (pattern, replacement) in rewrites)
        {
            if (TestJudge.Find(pattern, path) is not { } match)
                continue;
            var text = Replace(replacement, match);
            return text.StartsWith('/') ? text : "/" + text;
        }

        return null;
    }

    private static string Replace(string replacement, Match match)
    {
        var text = new StringBuilder();
        for (var i = 0; i < replacement.Length; i++)
        {
            if (replacement[i] == '\\' && i + 1 < replacement.Length)
                text.Append(match.Groups[replacement[++i] - '0'].Value);
            else
                text.Append(RewriteData.Encode([replacement[i]]));
        }

        return text.ToString();
    }

    /// <summary>All but letters, digits and "-._~/", as HAProxy's url_enc does.</summary>
    private static string Encode(string path)
    {
        var text = new StringBuilder();
        foreach (var value in Encoding.UTF8.GetBytes(path))
        {
            if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~' or (byte)'/')
                text.Append((char)value);
            else
                text.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
        }

        return text.ToString();
    }
}
