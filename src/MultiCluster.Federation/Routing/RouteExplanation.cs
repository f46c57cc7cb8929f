using MultiCluster.Model.Collections;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Routing;

/// <summary>How a request would be routed, and why.</summary>
/// <param name="Host">As compared.</param>
/// <param name="Path">As compared.</param>
/// <param name="Refusal">Why the proxy answers 400; null when it doesn't.</param>
/// <param name="Match">Null: refused, or 404.</param>
/// <param name="Candidates">All routes that match the request, the best first.</param>
/// <param name="LostClaims">Claims on the matching route's key that it won against, by rank.</param>
/// <param name="CertificateHost">The host (exact or "*.rest") whose certificate TLS clients get; null for the default one.</param>
public sealed record RouteExplanation(
    string Host,
    string Path,
    string? Refusal,
    Route? Match,
    EquatableArray<Route> Candidates,
    EquatableArray<RouteClaim> LostClaims,
    string? CertificateHost);

/// <summary>A part of a request in the form in which it is compared, or why it is refused with 400.</summary>
public readonly record struct CanonicalText(string Value, string? Problem);
