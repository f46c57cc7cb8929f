using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>Things that a key or two say.</summary>
internal static class SimpleTopics
{
    private const long HstsMaxAge = 15_768_000;
    private const int MaxPrefix = 1024;

    /// <summary>0 and unlimited are no limit.</summary>
    public static RoutePolicy? BodySize(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        if (annotations.Text("proxy-body-size") is not { } size)
            return null;
        return policy with { MaxBodyBytes = size == "unlimited" || Quantities.Size(size) is 0 ? null : Quantities.Size(size) };
    }

    /// <summary>In kB; 0 is no limit. HAProxy counts to 2 GB a second.</summary>
    public static RoutePolicy? Bandwidth(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        const string Key = "limit-rate";
        if (annotations.Number(Key) is not { } rate)
            return null;
        if (rate > 0 && !context.Defaults.LimitsBandwidth)
            annotations.Refuse(Key, "does not count: have the operator set haproxy.bandwidth-limits = true in the configuration file");
        return policy with { BytesPerSecond = rate == 0 ? null : Math.Min(rate * 1024L, int.MaxValue) };
    }

    /// <summary>That controller sends it wherever there is TLS; here a key of it has to be written.</summary>
    public static RoutePolicy? Hsts(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        var on = annotations.Switch("hsts");
        var age = annotations.Number("hsts-max-age");
        var subDomains = annotations.Switch("hsts-include-subdomains");
        var preload = annotations.Switch("hsts-preload");
        if (on is null && age is null && subDomains is null && preload is null)
            return null;
        // A browser remembers: what is said badly must not be said for a default's half a year.
        if (on is false || (on is null && annotations.Has("hsts")) || (age is null && annotations.Has("hsts-max-age")))
            return policy with { Hsts = null };
        return policy with { Hsts = new HstsPolicy(age ?? HstsMaxAge, subDomains ?? false, preload ?? false) };
    }

    public static RoutePolicy? SetHost(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) => UpstreamHost(annotations, "set-host", policy);

    public static RoutePolicy? UpstreamVhost(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) =>
        UpstreamHost(annotations, "upstream-vhost", policy);

    /// <summary>"false" leaves the header as it came.</summary>
    public static RoutePolicy? Forwarded(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) =>
        annotations.Switch("forwarded-for") is { } on ? policy with { ForwardedFor = on ? null : ForwardedFor.Keep } : null;

    public static RoutePolicy? ForwardedPrefix(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        if (annotations.Text("x-forwarded-prefix") is not { } prefix)
            return null;
        if (prefix.Length <= MaxPrefix && !prefix.Contains('$', StringComparison.Ordinal))
            return policy with { ForwardedPrefix = prefix };
        annotations.Refuse("x-forwarded-prefix", $"is {Shown.Quoted(prefix)}; write a path such as /shop, without variables of nginx");
        return null;
    }

    public static RoutePolicy? Fallback(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        if (annotations.Text(FallbackService.Key) is not { } service)
            return null;
        if (FallbackService.IsName(service))
            return policy with { Fallback = context.Ingress.ToString() };
        annotations.Refuse(FallbackService.Key, $"is {Shown.Quoted(service)}; write the name of a Service of the Ingress's namespace");
        return null;
    }

    private static RoutePolicy? UpstreamHost(FamilyAnnotations annotations, string key, RoutePolicy policy)
    {
        if (annotations.Text(key) is not { } host)
            return null;
        if (IsHost(host))
            return policy with { UpstreamHost = host.ToLowerInvariant() };
        annotations.Refuse(key, $"is {Shown.Quoted(host)}; write a host name, with :PORT where it is another port, and no variables");
        return null;
    }

    /// <summary>One that requests can carry: no wildcard.</summary>
    public static bool IsHost(string value) => ValueChecks.IsHostAndPort(value) && !value.Contains('*', StringComparison.Ordinal);
}
