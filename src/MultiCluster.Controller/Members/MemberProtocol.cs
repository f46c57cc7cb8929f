using MultiCluster.Federation.Members;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;

namespace MultiCluster.Controller.Members;

/// <summary>What a member's watcher takes and tells besides the protocol of deliveries.</summary>
public static class MemberProtocol
{
    // Events, to the route table of the node

    /// <summary>All of the member's objects are known and have reached the replicated table.</summary>
    public sealed record MemberSynced(MemberName Member);

    // Queries

    public sealed record GetStatus;

    // Replies

    public sealed record MemberStatus(
        MemberName Member,
        string Source,
        bool Complete,
        IReadOnlyList<StaleKind> Stale,
        IReadOnlyList<string> Problems,
        int Ingresses,
        int Services,
        int Endpoints,
        DateTimeOffset? LastEvent);

    /// <summary>From the source's own task into the watcher's mailbox.</summary>
    internal sealed record Received(MemberEvent Event, MailboxSink Through);
}
