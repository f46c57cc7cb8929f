using System.Text;
using MultiCluster.Federation.Annotations;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>Variables of nginx that tell of a request where to come back to, and what they are in a policy.</summary>
internal static class RequestVariables
{
    public const string Names = "$scheme, $host, $http_host, $uri, $request_uri and $escaped_request_uri";

    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["scheme"] = "{scheme}",
        ["pass_access_scheme"] = "{scheme}",
        ["host"] = "{name}",
        ["http_host"] = "{host}",
        ["best_http_host"] = "{host}",
        ["uri"] = "{path}",
        ["request_uri"] = "{uri}",
        ["escaped_request_uri"] = "{escaped}",
    };

    private static readonly string[] OwnSchemes = ["http://", "https://", "$scheme://", "$pass_access_scheme://"];

    private static readonly string[] OwnHosts = ["$host", "$http_host", "$best_http_host"];

    /// <returns>Null: it has another variable, or braces of its own.</returns>
    public static string? Fill(string written)
    {
        var text = new StringBuilder();
        for (var i = 0; i < written.Length; i++)
        {
            if (written[i] is '{' or '}')
                return null;
            if (written[i] != '$')
            {
                text.Append(written[i]);
                continue;
            }

            var from = i + 1;
            while (i + 1 < written.Length && (char.IsAsciiLetterLower(written[i + 1]) || written[i + 1] == '_'))
                i++;
            if (!Known.TryGetValue(written[from..(i + 1)], out var token))
                return null;
            text.Append(token);
        }

        return text.ToString();
    }

    /// <summary>As it may be for a request.</summary>
    public static string Sample(string filled) => Known.Values.Distinct(StringComparer.Ordinal)
        .Aggregate(filled, static (text, token) => text.Replace(token, token == "{scheme}" ? "http" : "x", StringComparison.Ordinal));

    /// <summary>The path of a URL of the route's own host; null: it is of another.</summary>
    public static string? PathOfOwnHost(string? url) =>
        url is not null
        && Array.Find(OwnSchemes, scheme => url.StartsWith(scheme, StringComparison.Ordinal)) is { } scheme
        && Array.Find(OwnHosts, host => url.AsSpan(scheme.Length).StartsWith(host + "/", StringComparison.Ordinal)) is { } host
        && url[(scheme.Length + host.Length)..] is { Length: <= 1024 } path && !path.Contains('$', StringComparison.Ordinal) && ValueChecks.IsPath(path)
            ? path
            : null;
}
