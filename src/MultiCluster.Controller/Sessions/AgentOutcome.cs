using MultiCluster.Controller.Routing;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Sessions;

/// <summary>What follows from a message of a controller.</summary>
/// <param name="Reply">To be sent first.</param>
/// <param name="Delta">For HAProxy; null when routing is as before.</param>
/// <param name="Readiness">For HAProxy, after the delta; null when as before.</param>
/// <param name="Applied">To be sent after the reply: HAProxy holds this already.</param>
/// <param name="Close">Why the connection is of no use; null to go on.</param>
internal sealed record AgentOutcome(
    AgentMessage? Reply = null,
    RoutingDelta? Delta = null,
    Readiness? Readiness = null,
    AgentMessage.Applied? Applied = null,
    string? Close = null)
{
    public static AgentOutcome None { get; } = new();
}
