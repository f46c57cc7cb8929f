using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>
/// TLS that is passed on unread. Whose "/" it is has the host; and where somebody is kept out by rules, of which nothing can be told of what is not
/// read, it is not passed on.
/// </summary>
internal static class PassthroughTopic
{
    private const string Key = "ssl-passthrough";
    private const int Code = 302;
    private const int NginxCode = 308;

    public static RoutePolicy? Community(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) =>
        Read(annotations, context, policy, annotations.Number("ssl-passthrough-http-port"), Code);

    public static RoutePolicy? Official(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) => Read(annotations, context, policy, null, Code);

    public static RoutePolicy? Nginx(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) => Read(annotations, context, policy, null, NginxCode);

    private static RoutePolicy? Read(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy, int? port, int code)
    {
        if (annotations.Switch(Key) is not true)
            return null;
        if (!policy.Guards.IsEmpty)
        {
            annotations.Refuse(Key, "stands beside rules about who may ask, which can't be held where requests are not read; remove it or them. TLS is not passed on");
            return null;
        }

        if (context.Path.Length > 0)
            return null;
        policy = policy with { TlsPassthrough = new TlsPassthrough(port) };
        // Endpoints that speak TLS have nothing to say to requests in clear text.
        return port is null && policy.HttpsRedirect is null && !annotations.Has("ssl-redirect") ? policy with { HttpsRedirect = new HttpsRedirect(code) } : policy;
    }
}
