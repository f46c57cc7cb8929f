using MultiCluster.Federation.Members;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Members;

/// <summary>What a member's watcher takes and tells.</summary>
public static class MemberProtocol
{
    // Commands

    /// <summary>An owner has (re)started without memory and needs this member's copy, or word that there is none.</summary>
    public sealed record Resend(EntityId Entity);

    /// <summary>An owner has taken in, and published what follows from, the delivery with this number.</summary>
    public sealed record Delivered(EntityId Entity, long Sequence);

    // Events, to the route table

    /// <summary>All of the member's objects are known and have reached the route table.</summary>
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
