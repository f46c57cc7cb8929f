using System.Globalization;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>
/// Redirects to https. All three controllers redirect hosts that spec.tls names unless they are told not to; here the configuration says whether
/// it is so. An annotation about something else must not change where requests in clear text go.
/// </summary>
internal static class HttpsTopic
{
    private const int DefaultCode = 302;
    private const int NginxCode = 308;
    private const int HttpsPort = 443;

    /// <summary>Where the configuration asks for it, and no annotation speaks of it.</summary>
    public static HttpsRedirect Default { get; } = new(DefaultCode);

    /// <summary>True is about hosts of spec.tls only.</summary>
    public static RoutePolicy? Community(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        // Its code is a setting for all Ingresses, so that alone it asks for nothing.
        var code = annotations.Number("ssl-redirect-code");
        if ((annotations.Switch("ssl-redirect") ?? (code is null ? null : policy.HttpsRedirect is not null)) is not { } on)
            return null;
        return policy with { HttpsRedirect = on && context.HasTls ? new HttpsRedirect(code ?? DefaultCode) : null };
    }

    /// <summary>True redirects hosts without TLS too.</summary>
    public static RoutePolicy? Official(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        if (!annotations.HasAny("ssl-redirect", "ssl-redirect-code", "ssl-redirect-port"))
            return null;
        var code = annotations.Text("ssl-redirect-code");
        var port = annotations.Number("ssl-redirect-port");
        if ((annotations.Switch("ssl-redirect") ?? (context.HasTls && (code is not null || port is not null || policy.HttpsRedirect is not null))) is false)
            return policy with { HttpsRedirect = null };
        return policy with
        {
            HttpsRedirect = new HttpsRedirect(code is null ? DefaultCode : int.Parse(code, CultureInfo.InvariantCulture), port == HttpsPort ? null : port),
        };
    }

    /// <summary>ssl-redirect is about hosts of spec.tls only, and force-ssl-redirect about all: it takes away nothing.</summary>
    public static RoutePolicy? Nginx(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        var force = annotations.Switch("force-ssl-redirect");
        var redirect = annotations.Switch("ssl-redirect");
        if (force is null && redirect is null)
            return null;
        var redirects = force is true || ((redirect ?? policy.HttpsRedirect is not null) && context.HasTls);
        return policy with { HttpsRedirect = redirects ? new HttpsRedirect(NginxCode) : null };
    }
}
