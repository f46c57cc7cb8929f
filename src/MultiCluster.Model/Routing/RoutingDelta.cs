using System.Collections.Immutable;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Model.Routing;

/// <summary>A route after arbitration.</summary>
/// <param name="Ingress">The federated ingress that owns it.</param>
public sealed record Route(RouteKey Key, BackendKey Backend, ObjectKey Ingress)
{
    /// <summary>Of the ingress that owns it.</summary>
    public TrafficPolicy? Traffic { get; init; }

    /// <inheritdoc cref="RouteClaim.Expression"/>
    public PathExpression? Expression { get; init; }

    /// <inheritdoc cref="RouteClaim.Policy"/>
    public RoutePolicy? Policy { get; init; }

    /// <summary>
    /// Null: it takes what none of its alternatives does. Otherwise it is one of them, or stands for them where nobody takes the rest, so
    /// that a request that has none of what they ask for finds no route.
    /// </summary>
    public RouteCondition? When { get; init; }

    /// <summary>Routes of the same key, each of another ingress and with a condition, in the order in which they are tried.</summary>
    public EquatableArray<Route> Alternatives { get; init; } = [];
}

/// <summary>A change of the arbitrated routing model: new values by key, null for what is gone.</summary>
/// <param name="Version">Grows by one with each delta of one table.</param>
/// <param name="Certificates">By host (exact, "*.rest" or <see cref="TlsClaim.AnyHost"/>).</param>
public sealed record RoutingDelta(
    long Version,
    ImmutableArray<KeyValuePair<RouteKey, Route?>> Routes,
    ImmutableArray<KeyValuePair<ObjectKey, Fragment.Backend?>> Backends,
    ImmutableArray<KeyValuePair<string, Certificate?>> Certificates)
{
    public ImmutableArray<KeyValuePair<MemberName, MemberTraits?>> Members { get; init; } = [];

    public bool IsEmpty => Routes.IsEmpty && Backends.IsEmpty && Certificates.IsEmpty && Members.IsEmpty;
}
