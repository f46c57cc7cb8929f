using System.Globalization;
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
        WriteRewrites(writer, policy);
        Write(writer, PolicyFlags.RequestHeaders, PolicyFlags.MoreRequestHeaders, KnownHeaders.OfRequests, policy.RequestHeaders, "headers of requests");
        Write(writer, PolicyFlags.ResponseHeaders, PolicyFlags.MoreResponseHeaders, KnownHeaders.OfResponses, policy.ResponseHeaders, "headers of responses");
    }

    private static string TextOf(HstsPolicy hsts) => string.Create(
        CultureInfo.InvariantCulture, $"max-age={hsts.MaxAge}{(hsts.IncludeSubDomains ? "; includeSubDomains" : "")}{(hsts.Preload ? "; preload" : "")}");

    private static void Write(PolicyWriter writer, char letter, char more, IReadOnlyList<string> known, EquatableArray<HeaderChange> changes, string what)
    {
        if (ListOf(writer, changes, what) is not { IsEmpty: false } list)
            return;
        var (value, isUsual) = KnownHeaders.Write(list, known);
        if (writer.Named(letter, "", value, what))
            writer.Flag(isUsual ? letter : more);
    }

    public static HeaderList ListOf(PolicyWriter writer, EquatableArray<HeaderChange> changes, string what)
    {
        var list = new HeaderList();
        foreach (var (action, name, value) in changes)
        {
            if (Problem(name, value) is { } problem)
            {
                writer.Refuse($"{what}: {name} {problem}");
                continue;
            }

            list.Change(action, name, value);
        }

        return list;
    }

    /// <summary>Parts are divided by '|' when the program compares them, and a backslash would name a group of an expression.</summary>
    private static void WriteRewrites(PolicyWriter writer, RoutePolicy policy)
    {
        var rewrites = new[] { policy.Location, policy.CookieDomain, policy.CookiePath }.Select(rewrite => IsSafe(rewrite) ? rewrite : null).ToList();
        if (rewrites.Any(static rewrite => rewrite is not null))
            writer.Flag(PolicyFlags.Rewritten, string.Join('|', rewrites.Select(static rewrite => $"{PolicyWriter.Text(rewrite?.From ?? "")}|{PolicyWriter.Text(rewrite?.To ?? "")}")), "redirections and cookies of endpoints");
    }

    private static bool IsSafe(AnswerRewrite? rewrite) => rewrite is { From: not "" } && $"{rewrite.From}{rewrite.To}".All(static c => c is > ' ' and <= '~' and not '|' and not '\\');

    public static string? Problem(string name, string value)
    {
        if (Framing.Contains(name))
            return "says where a message ends and stays as it is";
        if (name.Length == 0 || !name.All(static c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)))
            return "is no name of a header";
        return value.Any(char.IsControl) ? "has a control character in its value" : null;
    }
}
