using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>
/// oauth2-proxy behind a path of the same host: the proxy asks itself for it, so that its routes and endpoints are those of any Ingress. Where
/// it has none, nobody is let in.
/// </summary>
internal static class OauthTopic
{
    private const string Key = "oauth";
    private const string PrefixKey = "oauth-uri-prefix";
    private const string HeadersKey = "oauth-headers";
    private const string Closed = ", and until then every request is refused";
    private const int MaxHeaders = 16;

    /// <summary>The value that the key's own script set.</summary>
    private const string OwnVariable = "auth_response_email";

    private const string Email = "x-auth-request-email";

    public static RoutePolicy? Read(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        if (!annotations.Has(Key))
            return null;
        var prefix = (annotations.Text(PrefixKey, Closed) ?? (annotations.Has(PrefixKey) ? "" : "/oauth2")).TrimEnd('/');
        if (annotations.Text(Key, Closed) is null || prefix.Length == 0)
            return policy with { Closed = true };
        if (prefix.Length > 256 || !prefix.All(static c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.'))
        {
            annotations.Refuse(PrefixKey, $"is {Shown.Quoted(prefix)}; write a path of letters, digits, '-', '_' and '.'{Closed}");
            return policy with { Closed = true };
        }

        // Who signs in is not known yet.
        if (context.Match is PathMatch.Exact or PathMatch.Prefix && (context.Path == prefix || context.Path.StartsWith(prefix + "/", StringComparison.Ordinal)))
            return policy;
        return policy with
        {
            ExternalAuthentication = new ExternalAuthentication($"{prefix}/auth", "GET", ["*"], Headers(annotations), [], $"{prefix}/start?rd={{escaped}}"),
        };
    }

    /// <summary>Beside a service that is named.</summary>
    public static void Yield(FamilyAnnotations annotations) => annotations.Refuse(Key, "does not count beside auth-url; remove one of them", Reasons.AnnotationConflict);

    private static EquatableArray<string> Headers(FamilyAnnotations annotations)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var part in (annotations.Parts(HeadersKey) ?? Email).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, source) = part.IndexOf(':', StringComparison.Ordinal) is >= 0 and var at ? (part[..at].Trim(), part[(at + 1)..].Trim()) : (part, null);
            name = name.ToLowerInvariant();
            if (name.Length is > 0 and <= 128 && ValueChecks.IsName(name) && names.Count < MaxHeaders && (source is null || (source == OwnVariable && name == Email)))
                names.Add(name);
            else
                annotations.Refuse(HeadersKey, $"holds {Shown.Quoted(part)}, which counts for nothing; write at most {MaxHeaders} names of headers of the service's answer, divided by commas");
        }

        return names.ToEquatableArray();
    }
}
