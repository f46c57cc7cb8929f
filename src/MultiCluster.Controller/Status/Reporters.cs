using MultiCluster.Actors;

namespace MultiCluster.Controller.Status;

/// <summary>Who tells people in the members' API servers what entities and watchers find. They outlive these.</summary>
/// <param name="Federated">Takes <see cref="StatusProtocol.Judged"/>, as <paramref name="Events"/> does.</param>
/// <param name="Members">Takes <see cref="StatusProtocol.MemberSeen"/>.</param>
public sealed record Reporters(IActorRef Federated, IActorRef Events, IActorRef Members);
