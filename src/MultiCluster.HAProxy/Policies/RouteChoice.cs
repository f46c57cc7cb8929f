using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Policies;

/// <param name="Taker">Null: the request stays with the route's own Ingress.</param>
/// <param name="Tests">All hold.</param>
public sealed record ChoiceRule(ObjectKey? Taker, EquatableArray<RequestTest> Tests);

/// <summary>Who takes requests of a route that several Ingresses share: the first rule that holds.</summary>
public sealed record RouteChoice(EquatableArray<ChoiceRule> Rules);
