using System.Net;
using MultiCluster.HAProxy.Explanation;
using MultiCluster.Model.Collections;

namespace MultiCluster.Controller.Admin;

/// <summary>A request that somebody wants explained.</summary>
/// <param name="Url">As it was asked for.</param>
/// <param name="Path">As typed: <see cref="Uri"/> would remove the dot segments that a proxy refuses.</param>
public sealed record ExplainQuestion(string Url, string Method, bool IsTls, string Host, string Path, string Query, EquatableArray<AskedHeader> Headers, IPAddress? Source)
{
    private const string Pseudo = "host";

    /// <param name="headers">Each a name, ':' and a value.</param>
    /// <param name="problem">Why it is no question; null when it is one.</param>
    public static ExplainQuestion? Read(string url, string? method, IEnumerable<string> headers, string? source, out string? problem)
    {
        problem = null;
        var text = url.Contains("://", StringComparison.Ordinal) ? url : "http://" + url;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https"))
            return Refuse("the URL must be an http or https URL, such as https://shop.example/cart", out problem);
        IPAddress? address = null;
        if (!string.IsNullOrEmpty(source) && !IPAddress.TryParse(source, out address))
            return Refuse($"\"{source}\" is no address that a request could come from; write one such as 203.0.113.7", out problem);
        method = string.IsNullOrEmpty(method) ? "GET" : method;
        if (!IsToken(method))
            return Refuse("a method is a word such as GET", out problem);
        var lines = new List<AskedHeader>();
        foreach (var line in headers)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || !IsToken(line[..colon]) || line.AsSpan(colon).ContainsAny('\r', '\n', '\0'))
                return Refuse($"\"{line}\" is no header; write one such as \"X-Team: shop\"", out problem);
            lines.Add(new AskedHeader(line[..colon].ToLowerInvariant(), line[(colon + 1)..].Trim(' ', '\t')));
        }

        var rest = text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..].Split('#')[0];
        var end = rest.AsSpan().IndexOfAny('/', '?');
        var (host, target) = end < 0 ? (rest, "/") : (rest[..end], rest[end] == '?' ? "/" + rest[end..] : rest[end..]);
        var query = target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var mark ? target[mark..] : "";
        // A header of that name is what a proxy looks at, whatever the URL says.
        host = lines.FindLast(static line => line.Name == Pseudo)?.Value ?? host;
        lines.RemoveAll(static line => line.Name == Pseudo);
        lines.Insert(0, new AskedHeader(Pseudo, host));
        return new ExplainQuestion(url, method, parsed.Scheme == "https", host, target[..^query.Length], query, [.. lines], address);
    }

    private static ExplainQuestion? Refuse(string why, out string? problem)
    {
        problem = why;
        return null;
    }

    /// <summary>RFC 9110, 5.6.2.</summary>
    private static bool IsToken(string text) => text.Length > 0 && text.All(static c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));
}
