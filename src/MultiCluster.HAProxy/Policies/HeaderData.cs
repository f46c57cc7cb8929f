using System.Globalization;
using System.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Policies;

/// <summary>Headers that are set, added or taken away.</summary>
internal static class HeaderData
{
    /// <summary>
    /// HAProxy frames messages by these and does not read them again after a change: with one that lies, a request could be hidden in
    /// another's body.
    /// </summary>
    private static readonly HashSet<string> Framing = new(StringComparer.OrdinalIgnoreCase)
    {
        "connection", "content-length", "http2-settings", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    };

    public static void Write(PolicyWriter writer, RoutePolicy policy)
    {
        if (policy.Hsts is { } hsts)
            writer.Flag(PolicyFlags.Hsts, PolicyWriter.Text(TextOf(hsts)), "Strict-Transport-Security");
        if (policy.Unlogged)
            writer.Flag(PolicyFlags.Unlogged);
        if (policy.Location is { From: not "" } location)
            writer.Flag(PolicyFlags.Location, $"{PolicyWriter.Text(location.From)}|{PolicyWriter.Text(location.To)}", "redirections of endpoints");
        Write(writer, PolicyFlags.RequestHeaders, policy.RequestHeaders, "headers of requests");
        Write(writer, PolicyFlags.ResponseHeaders, policy.ResponseHeaders, "headers of responses");
    }

    private static string TextOf(HstsPolicy hsts) => string.Create(
        CultureInfo.InvariantCulture, $"max-age={hsts.MaxAge}{(hsts.IncludeSubDomains ? "; includeSubDomains" : "")}{(hsts.Preload ? "; preload" : "")}");

    /// <summary>A line each, in order: a letter, the name and the value.</summary>
    private static void Write(PolicyWriter writer, char letter, EquatableArray<HeaderChange> changes, string what)
    {
        var text = new StringBuilder();
        foreach (var (action, name, value) in changes)
        {
            if (Problem(name, value) is { } problem)
            {
                writer.Refuse($"{what}: {name} {problem}");
                continue;
            }

            var verb = action switch
            {
                HeaderAction.Add => PolicyScript.Add,
                HeaderAction.Delete => PolicyScript.Delete,
                _ => PolicyScript.Set,
            };
            text.Append(verb).Append(name).Append(':').Append(value).Append('\n');
        }

        if (text.Length > 0)
            writer.Flag(letter, PolicyWriter.Text(text.ToString()), what);
    }

    private static string? Problem(string name, string value)
    {
        if (Framing.Contains(name))
            return "says where a message ends and stays as it is";
        if (name.Length == 0 || !name.All(static c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)))
            return "is no name of a header";
        return value.Any(char.IsControl) ? "has a control character in its value" : null;
    }
}
