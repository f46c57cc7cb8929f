using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>
/// Whether the operator's firewall for applications is asked. It may let in some only, so what can't be read refuses all, and where there is no
/// firewall proxies do.
/// </summary>
internal static class FirewallTopic
{
    private const string Closed = ", and until then every request is refused";
    private const string None = "asks for a firewall, and there is none to ask";
    private const string Fix = "have the operator name its agents in haproxy.waf.endpoints of the configuration file, or modsecurity-endpoints of the ConfigMap of haproxy.settings";

    public static RoutePolicy? Community(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        const string Key = "waf";
        if (!annotations.Has(Key))
            return null;
        var isSaid = annotations.Text(Key, Closed) is not null;
        // A mode that can't be read is the stricter one.
        var mode = annotations.Text("waf-mode", ", and until then what the firewall turns down is refused") == "detect" ? FirewallMode.Detect : FirewallMode.Deny;
        return isSaid ? Asking(annotations, Key, context, policy, mode) : policy with { Closed = true };
    }

    public static RoutePolicy? Nginx(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        const string Key = "enable-modsecurity";
        if (!annotations.Has(Key))
            return null;
        return annotations.Switch(Key, Closed) switch
        {
            // Its recommended rules do so; only text of a configuration, which is refused, could say more.
            true => Asking(annotations, Key, context, policy, FirewallMode.Detect),
            false => policy with { Firewall = null },
            null => policy with { Closed = true },
        };
    }

    private static RoutePolicy Asking(FamilyAnnotations annotations, string key, RoutePolicyContext context, RoutePolicy policy, FirewallMode mode)
    {
        if (!context.Defaults.HasFirewall)
            annotations.Refuse(key, mode == FirewallMode.Deny ? $"{None}, so that every request is refused; {Fix}" : $"{None}; {Fix}");
        return policy with { Firewall = mode };
    }
}
