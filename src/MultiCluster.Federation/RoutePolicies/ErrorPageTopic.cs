using System.Buffers.Text;
using System.Globalization;
using System.Text;
using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>
/// Pages of the proxy's own answers: a status and its reason if it is to be another, headers, and behind an empty line a body. Nothing in them is
/// evaluated. A page that can't be read is left out as a whole, and clients get what they get without one.
/// </summary>
internal static class ErrorPageTopic
{
    private const string Key = "http-response-";

    /// <summary>Those that a route's requests are answered with by the proxy.</summary>
    private static readonly int[] Given = [400, 401, 403, 413, 421, 429, 495, 496, 500, 502, 503, 504];

    /// <summary>Those that no request of a route is answered with, here as there: read all the same, for whoever wrote them badly.</summary>
    private static readonly int[] Never = [200, 405, 407, 408, 410, 425, 501];

    /// <summary>HAProxy's own to say.</summary>
    private static readonly string[] Framing = ["content-length", "connection", "keep-alive"];

    /// <summary>And these are nobody's to say of an answer that a proxy makes.</summary>
    private static readonly string[] Refused = ["proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "http2-settings"];

    public static RoutePolicy? Community(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        List<ErrorPage>? pages = null;
        foreach (var status in Given)
        {
            if (Read(annotations, status) is { } page)
                (pages ??= []).Add(page);
        }

        foreach (var status in Never)
            _ = Read(annotations, status);
        return pages is null ? null : policy with { ErrorPages = pages.ToEquatableArray() };
    }

    private static ErrorPage? Read(FamilyAnnotations annotations, int status)
    {
        var key = KeyOf(status);
        if (annotations.Whole(key) is not { } written)
            return null;
        var lines = written.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
        var end = Array.FindIndex(lines, string.IsNullOrWhiteSpace);
        var head = end < 0 ? lines : lines[..end];
        var page = new ErrorPage(status, status, "", [], "");
        var headers = new List<HeaderChange>();
        for (var i = 0; i < head.Length; i++)
        {
            if (i == 0 && Status(head[i]) is var (code, reason))
                page = page with { Code = code, Reason = reason };
            else if (Header(head[i]) is not { } header)
                return Leave(annotations, key, $"has the line {Shown.Quoted(head[i])}, which is neither a status nor a header; write lines such as Content-Type: text/html, and an empty one before the body");
            else if (Refused.Contains(header.Name, StringComparer.Ordinal))
                return Leave(annotations, key, $"has the header {header.Name}, which is HAProxy's own to write; remove the line");
            else if (!Framing.Contains(header.Name, StringComparer.Ordinal))
                headers.Add(header);
        }

        var body = Encoding.UTF8.GetBytes(end < 0 ? "" : string.Join('\n', lines[(end + 1)..]));
        if (body.Length > ErrorPage.MaxBytes)
            return Leave(annotations, key, string.Create(CultureInfo.InvariantCulture, $"has a body of {body.Length} bytes, and HAProxy takes no more than {ErrorPage.MaxBytes} here; write a shorter one, or have the page load the rest"));
        if (head.Sum(static line => line.Length + 1) > ErrorPage.MaxHead)
            return Leave(annotations, key, string.Create(CultureInfo.InvariantCulture, $"has headers of more than {ErrorPage.MaxHead} characters; write fewer"));
        if (page.Code is 204 or 205 or 304 && body.Length > 0)
            return Leave(annotations, key, string.Create(CultureInfo.InvariantCulture, $"has a body, and an answer with {page.Code} has none; write another status"));
        return page with { Headers = headers.ToEquatableArray(), Body = Base64Url.EncodeToString(body) };
    }

    public static string KeyOf(int status) => Key + status.ToString(CultureInfo.InvariantCulture);

    private static ErrorPage? Leave(FamilyAnnotations annotations, string key, string problem)
    {
        annotations.Refuse(key, problem);
        return null;
    }

    private static (int Code, string Reason)? Status(string line)
    {
        var words = line.Trim().Split(' ', 2);
        if (words[0].Length != 3 || !ValueChecks.IsNumber(words[0], 200, 599))
            return null;
        var reason = words.Length < 2 ? "" : words[1].Trim();
        return reason.AsSpan().ContainsAnyExceptInRange(' ', '~') ? null : (int.Parse(words[0], CultureInfo.InvariantCulture), reason);
    }

    private static HeaderChange? Header(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 1 ? "" : line[..colon].ToLowerInvariant();
        var value = line[(colon + 1)..].Trim();
        return name.Length == 0 || !ValueChecks.IsName(name) || value.AsSpan().ContainsAnyExceptInRange(' ', '~') ? null : new HeaderChange(HeaderAction.Add, name, value);
    }
}
