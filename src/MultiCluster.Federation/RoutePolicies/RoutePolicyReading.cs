using MultiCluster.Federation.Policies;
using MultiCluster.Federation.Settings;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>What a policy depends on besides annotations.</summary>
/// <param name="Service">Of the Service that the route leads to, in the Ingress' namespace; null: to none.</param>
/// <param name="Path">Of the route, as in its <see cref="RouteKey"/>.</param>
/// <param name="HasTls">spec.tls names the route's host.</param>
/// <param name="Secrets">Data of a Secret of the same cluster; null when there is none.</param>
public sealed record RoutePolicyContext(
    ObjectKey Ingress,
    string? Service,
    string Path,
    PathMatch Match,
    bool HasTls,
    Func<ObjectKey, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>?> Secrets)
{
    /// <summary>Count where neither the Ingress nor the Service says anything.</summary>
    public IngressDefaults Defaults { get; init; } = IngressDefaults.None;
}

public sealed record RoutePolicyReading(RoutePolicy Policy, EquatableArray<PolicyProblem> Problems)
{
    public static readonly RoutePolicyReading None = new(RoutePolicy.None, []);
}
