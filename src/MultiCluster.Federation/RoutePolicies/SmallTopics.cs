using MultiCluster.Federation.Text;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>What nginx alone has a key for.</summary>
internal static class SmallTopics
{
    private const int MaxLocation = 1024;

    /// <summary>What can't be read leaves both as they are.</summary>
    public static RoutePolicy? Satisfy(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) =>
        annotations.Text("satisfy") is { } which ? policy with { AnyGuard = which == "any" } : null;

    public static RoutePolicy? AccessLog(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) =>
        annotations.Switch("enable-access-log") is { } on ? policy with { Unlogged = !on } : null;

    /// <summary>"off" and "default" change nothing: no pod knows of a name that only nginx has for it.</summary>
    public static RoutePolicy? Location(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        var from = annotations.Text("proxy-redirect-from");
        var to = annotations.Text("proxy-redirect-to");
        if (from is null or "off" or "default" || to is "off" or "default")
            return from is null && to is null ? null : policy with { Location = null };
        if (!IsText(from) || from.StartsWith('~'))
            annotations.Refuse("proxy-redirect-from", $"is {Shown.Quoted(from)}; write the text that a Location begins with, without variables and no regular expression");
        else if (to is null || !IsText(to))
            annotations.Refuse(to is null ? "proxy-redirect-from" : "proxy-redirect-to", to is null ? "has no proxy-redirect-to beside it" : $"is {Shown.Quoted(to)}; write the text that takes the place, without variables");
        else
            return policy with { Location = new AnswerRewrite(from, to) };
        return policy with { Location = null };
    }

    public static RoutePolicy? CookieDomain(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) =>
        Cookie(annotations, "proxy-cookie-domain", "localhost shop.example", out var rewrite)
            ? policy with { CookieDomain = rewrite is null ? null : new AnswerRewrite(rewrite.From.TrimStart('.'), rewrite.To.TrimStart('.')) }
            : null;

    public static RoutePolicy? CookiePath(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) =>
        Cookie(annotations, "proxy-cookie-path", "/app/ /", out var rewrite) ? policy with { CookiePath = rewrite } : null;

    /// <summary>What can't be read leaves cookies as pods write them.</summary>
    private static bool Cookie(FamilyAnnotations annotations, string key, string example, out AnswerRewrite? rewrite)
    {
        rewrite = null;
        if (annotations.Text(key) is not { } written)
            return annotations.Has(key);
        if (written == "off")
            return true;
        var parts = written.TrimEnd(';').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts is [var from, var to] && IsText(from) && IsText(to) && !from.StartsWith('~') && from.Trim('.').Length > 0)
            rewrite = new AnswerRewrite(from, to);
        else
            annotations.Refuse(key, $"is {Shown.Quoted(written)}; write what is to be replaced and what by, such as {example}, without variables and no regular expression");
        return true;
    }

    private static bool IsText(string text) => text.Length is > 0 and <= MaxLocation && !text.Contains("%[", StringComparison.Ordinal) && text.All(static c => c is > ' ' and <= '~' and not '$' and not '"' and not '\\' and not '|');
}
