using System.Globalization;
using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>Headers that are set, added and taken away. A bad line costs itself.</summary>
internal static class HeaderTopics
{
    private const int MaxChanges = 64;
    private const int MaxName = 128;
    private const int MaxValue = 4096;

    /// <summary>They say where a message ends and what becomes of the connection, which is HAProxy's to say.</summary>
    private static readonly string[] Framing =
        ["connection", "content-length", "host", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"];

    public static RoutePolicy? CommunityRequest(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        if (!annotations.HasAny("request-set-headers", "request-add-headers", "request-del-headers"))
            return null;
        var changes = Community(annotations, context, "request-");
        var host = changes.FindLast(static change => change is { Action: HeaderAction.Set, Name: "host" });
        return policy with
        {
            RequestHeaders = changes.Where(static change => change.Name != "host").ToEquatableArray(),
            UpstreamHost = host?.Value.ToLowerInvariant() ?? policy.UpstreamHost,
        };
    }

    public static RoutePolicy? CommunityResponse(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) =>
        annotations.HasAny("response-set-headers", "response-add-headers", "response-del-headers")
            ? policy with { ResponseHeaders = Community(annotations, context, "response-").ToEquatableArray() }
            : null;

    public static RoutePolicy? OfficialRequest(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        if (!annotations.Has("request-set-header"))
            return null;
        var changes = Lines(annotations, context, "request-set-header", ' ', HeaderAction.Set);
        var host = changes.FindLast(static change => change.Name == "host");
        return policy with
        {
            RequestHeaders = changes.Where(static change => change.Name != "host").ToEquatableArray(),
            UpstreamHost = host?.Value.ToLowerInvariant() ?? policy.UpstreamHost,
        };
    }

    public static RoutePolicy? OfficialResponse(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) =>
        annotations.Has("response-set-header")
            ? policy with { ResponseHeaders = Lines(annotations, context, "response-set-header", ' ', HeaderAction.Set).ToEquatableArray() }
            : null;

    /// <summary>In the order in which that controller does it.</summary>
    private static List<HeaderChange> Community(FamilyAnnotations annotations, RoutePolicyContext context, string of) =>
    [
        .. Lines(annotations, context, $"{of}set-headers", ':', HeaderAction.Set),
        .. Lines(annotations, context, $"{of}add-headers", ':', HeaderAction.Add),
        .. Lines(annotations, context, $"{of}del-headers", ':', HeaderAction.Delete),
    ];

    private static List<HeaderChange> Lines(FamilyAnnotations annotations, RoutePolicyContext context, string key, char end, HeaderAction action) =>
        Lines(annotations, context, key, annotations.Parts(key) ?? "", end, action);

    /// <param name="text">What the annotation says, or what it names.</param>
    public static List<HeaderChange> Lines(FamilyAnnotations annotations, RoutePolicyContext context, string key, string text, char end, HeaderAction action)
    {
        var changes = new List<HeaderChange>();
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Change(line, context, end, action, isRequest: key.StartsWith("request-", StringComparison.Ordinal), out var change) is { } problem)
                annotations.Refuse(key, $"holds {Shown.Quoted(line)}, {problem}");
            else if (changes.Count == MaxChanges)
                annotations.Refuse(key, string.Create(CultureInfo.InvariantCulture, $"holds more than {MaxChanges} headers, of which the first count; write fewer"));
            else
                changes.Add(change!);
        }

        return changes;
    }

    private static string? Change(string line, RoutePolicyContext context, char end, HeaderAction action, bool isRequest, out HeaderChange? change)
    {
        change = null;
        var at = action == HeaderAction.Delete ? line.Length : line.IndexOf(end, StringComparison.Ordinal);
        var name = at < 0 ? "" : line[..at].TrimEnd().ToLowerInvariant();
        if (name.Length is 0 or > MaxName || !ValueChecks.IsName(name))
            return action == HeaderAction.Delete
                ? "which is no name of a header; write one a line"
                : $"which has no name of a header; write lines such as X-Shop{end}{(end == ' ' ? "" : " ")}main";
        var value = action == HeaderAction.Delete ? "" : line[(at + 1)..].Trim();
        if (end == ' ' && value is ['"', .., '"'] && value.Length > 1)
            value = value[1..^1];
        if (Evaluated(value, context, end == ':') is not { Length: <= MaxValue } text)
            return "whose value is too long, or holds other than printable ASCII characters or expressions; write the text itself, and % as %%";
        change = new HeaderChange(action, name, text);
        var isHost = name == "host" && isRequest && action == HeaderAction.Set && SimpleTopics.IsHost(text);
        return Framing.Contains(name, StringComparer.Ordinal) && !isHost ? "a header that is HAProxy's own to write; remove the line" : null;
    }

    /// <summary>Null when it holds what would be evaluated: a format's %, but for %% and the two variables that are known.</summary>
    private static string? Evaluated(string value, RoutePolicyContext context, bool hasVariables)
    {
        if (hasVariables)
        {
            value = value.Replace("%[namespace]", context.Ingress.Namespace, StringComparison.Ordinal)
                .Replace("%[service]", context.Service ?? "", StringComparison.Ordinal);
        }

        var text = value.Replace("%%", "\0", StringComparison.Ordinal);
        for (var i = text.IndexOf('%', StringComparison.Ordinal); i >= 0; i = text.IndexOf('%', i + 1))
        {
            if (i + 1 < text.Length && (char.IsAsciiLetter(text[i + 1]) || text[i + 1] is '[' or '{'))
                return null;
        }

        text = value.Contains('\0', StringComparison.Ordinal) ? value : text.Replace('\0', '%');
        return text.Contains("%[", StringComparison.Ordinal) || text.AsSpan().ContainsAnyExceptInRange(' ', '~') ? null : text;
    }
}
