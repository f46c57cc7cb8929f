using System.Globalization;
using MultiCluster.Federation.Annotations;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>Routes that answer with a redirect, and the redirect of / of a host.</summary>
internal static class RedirectTopic
{
    private const int DefaultCode = 302;

    private static readonly int[] Codes = [301, 302, 303, 307, 308];

    /// <summary>Its code is a setting for all Ingresses.</summary>
    public static RoutePolicy? Community(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) =>
        annotations.Text("redirect-to") is { } url ? policy with { Redirect = new Redirection(RedirectionKind.Url, url, annotations.Number("redirect-to-code") ?? DefaultCode) } : null;

    public static RoutePolicy? Official(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        var code = annotations.Number("request-redirect-code") ?? DefaultCode;
        return annotations.Text("request-redirect") is { } host ? policy with { Redirect = new Redirection(RedirectionKind.Host, host, code) } : null;
    }

    /// <summary>The temporary one counts before the permanent one.</summary>
    public static RoutePolicy? Nginx(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        var redirect = Nginx(annotations, "temporal-redirect", "temporal-redirect-code", DefaultCode) ?? Nginx(annotations, "permanent-redirect", "permanent-redirect-code", 301);
        return redirect is null ? null : policy with { Redirect = redirect };
    }

    public static RoutePolicy? AppRoot(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        if (annotations.Text("app-root") is not { } path)
            return null;
        if (path != "/")
            return policy with { AppRoot = path };
        annotations.Refuse("app-root", "is \"/\", which leads to itself; write another path, or remove it");
        return null;
    }

    private static Redirection? Nginx(FamilyAnnotations annotations, string key, string codeKey, int otherwise)
    {
        var code = annotations.Number(codeKey) ?? otherwise;
        if (!Codes.Contains(code))
        {
            annotations.Refuse(codeKey, string.Create(CultureInfo.InvariantCulture, $"is {code}, which is no redirect to another place; write {Policies.Words.OneOf(CodeTexts)}"));
            code = otherwise;
        }

        if (annotations.Text(key) is not { } url)
            return null;
        return url.EndsWith(ValueChecks.RequestUri, StringComparison.Ordinal)
            ? new Redirection(RedirectionKind.Prefix, url[..^ValueChecks.RequestUri.Length], code)
            : new Redirection(RedirectionKind.Url, url, code);
    }

    private static string[] CodeTexts => [.. Codes.Select(static code => code.ToString(CultureInfo.InvariantCulture))];
}
