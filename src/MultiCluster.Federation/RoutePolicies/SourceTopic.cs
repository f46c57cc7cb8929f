using MultiCluster.Federation.Text;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>
/// Lists of client addresses that may ask, and that may not; who is in both may not. What can't be read of a list allows nobody, and where it
/// would have denied somebody, the route is closed.
/// </summary>
internal static class SourceTopic
{
    private const string Denies = ", and until then every request is refused";

    public static RoutePolicy? Community(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) =>
        Read(annotations, policy, "allowlist-source-range", "denylist-source-range", "allowlist-source-header", mayExclude: true);

    public static RoutePolicy? Official(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) =>
        Read(annotations, policy, "allow-list", "deny-list", "src-ip-header", mayExclude: false);

    public static RoutePolicy? Nginx(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) =>
        Read(annotations, policy, "allowlist-source-range", "denylist-source-range", null, mayExclude: false);

    private static RoutePolicy? Read(FamilyAnnotations annotations, RoutePolicy policy, string allow, string deny, string? header, bool mayExclude)
    {
        var lists = new NetworkLists();
        var isWhole = true;
        var allowed = annotations.Parts(allow, ", and until then nobody is let in");
        if (allowed is not null)
            lists.Allow = [];
        if (allowed is { Length: > 0 })
            isWhole &= Add(annotations, allow, allowed, mayExclude, lists.Allow!, lists.AllowExcept, isDenial: false);
        var denied = annotations.Parts(deny, Denies);
        if (denied is not null)
            isWhole &= denied.Length > 0 && Add(annotations, deny, denied, mayExclude, lists.Deny, lists.DenyExcept, isDenial: true);
        if (allowed is null && denied is null)
            return null;
        var name = header is null ? null : annotations.Text(header, Denies);
        isWhole &= header is null || name is not null || !annotations.Has(header);
        var (allows, denies) = lists.Flatten();
        return policy with { Closed = policy.Closed || !isWhole, Sources = new SourceRules(allowed is not null, allows, denies, name?.ToLowerInvariant()) };
    }

    /// <returns>False when somebody might be let in whom the list keeps out.</returns>
    private static bool Add(
        FamilyAnnotations annotations, string key, string value, bool mayExclude, HashSet<Network> networks, HashSet<Network> except, bool isDenial)
    {
        var isWhole = true;
        foreach (var part in value.Split(',', StringSplitOptions.TrimEntries))
        {
            var isExcluded = mayExclude && part.StartsWith('!');
            if (Network.Parse(isExcluded ? part[1..].TrimStart() : part) is { } network)
            {
                (isExcluded ? except : networks).Add(network);
                continue;
            }

            var keepsOut = isExcluded != isDenial;
            isWhole &= !keepsOut;
            annotations.Refuse(key, $"holds {Shown.Quoted(part)}; write an address or a network such as 10.0.0.0/8{(keepsOut ? Denies : ", since it counts for nothing")}");
        }

        return isWhole;
    }
}
