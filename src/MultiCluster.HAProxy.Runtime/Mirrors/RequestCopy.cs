using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text;

namespace MultiCluster.HAProxy.Runtime.Mirrors;

/// <summary>A request that is to be sent besides, as HAProxy tells of it: the policy's value, namespace, method, scheme, host, path with query, headers, and a body perhaps.</summary>
/// <param name="Owner">Namespace of the Ingress that wants it.</param>
/// <param name="Url">Where it goes; its path and query go on as they came.</param>
/// <param name="Host">That is asked for; null: the URL's.</param>
internal sealed record RequestCopy(string Owner, string Method, Uri Url, string? Host, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body)
{
    private const string Forms = "{}";

    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Whose requests may not crowd out others'.</summary>
    public string Target => Url.Authority;

    /// <param name="rule">See HAProxy's side, MirrorData.</param>
    /// <returns>Null for what no proxy of ours says.</returns>
    public static RequestCopy? Parse(string rule, string head, byte[] body)
    {
        if (rule.Split('|') is not [var form, var host, _] || Text(form) is not { Length: > 0 } target || Text(host) is not { } name)
            return null;
        if (head.Split('\n') is not [{ Length: > 0 } owner, var method, var scheme, var asked, var uri, .. var lines] || !IsToken(method))
            return null;
        // The target's own word says where it goes, so none of the request's may begin before its path.
        var fixedPart = target.IndexOf('{', StringComparison.Ordinal) is >= 0 and var at ? target[..at] : target;
        if (!uri.StartsWith('/') || !Uri.TryCreate(fixedPart, UriKind.Absolute, out var meant))
            return null;
        var filled = Fill(target, scheme, asked, uri);
        if (filled.AsSpan().ContainsAnyExceptInRange('!', '~') || !Uri.TryCreate(filled, in AsItIs, out var url)
            || url.Scheme is not ("http" or "https") || url.Authority != meant.Authority || url.UserInfo.Length > 0)
            return null;
        var headers = new List<KeyValuePair<string, string>>(lines.Length);
        foreach (var line in lines)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || !IsToken(line[..colon]))
                return null;
            headers.Add(KeyValuePair.Create(line[..colon], line[(colon + 1)..]));
        }

        return new RequestCopy(owner, method, url, name.Length > 0 ? name : null, headers, body);
    }

    private static string Fill(string target, string scheme, string host, string uri)
    {
        var text = new StringBuilder(target.Length + uri.Length);
        for (var i = 0; i < target.Length; i++)
        {
            var end = target[i] == Forms[0] ? target.IndexOf(Forms[1], i) : -1;
            if (end < 0)
            {
                text.Append(target[i]);
                continue;
            }

            text.Append(target[(i + 1)..end] switch
            {
                "scheme" => scheme,
                "host" => host,
                "name" => host.LastIndexOf(':') is > 0 and var colon && host.AsSpan(colon + 1).ContainsAnyExceptInRange('0', '9') is false ? host[..colon] : host,
                "path" => uri.Split('?')[0],
                "uri" => uri,
                "escaped" => Uri.EscapeDataString(uri),
                _ => "",
            });
            i = end;
        }

        return text.ToString();
    }

    private static string? Text(string encoded) => Base64Url.IsValid(encoded) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(encoded)) : null;

    private static bool IsToken(string text) => text.Length > 0 && text.All(static c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));
}
