using System.Collections.Immutable;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Routing;

/// <summary>What an update of the table did.</summary>
/// <param name="Accepted">How many of the updates were newer than what the table had.</param>
/// <param name="Delta">Empty, with the version unchanged, when routing is as before.</param>
/// <param name="Conflicts">Ingresses whose conflicts with other Ingresses are others now; sorted by key.</param>
public sealed record TableChange(int Accepted, RoutingDelta Delta, ImmutableArray<ConflictChanged> Conflicts);

/// <summary>The conflicts of a federated Ingress with others, which go to each of its accepted copies.</summary>
/// <param name="Conditions">Of type Conflict and true; empty when it has none any more.</param>
public sealed record ConflictChanged(ObjectKey Ingress, EquatableArray<Condition> Conditions);
