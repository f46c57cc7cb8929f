using System.Collections.Immutable;
using MultiCluster.Controller.Records;
using MultiCluster.Federation.Members;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.Members;

/// <summary>What a member's watcher takes and tells besides the protocol of deliveries.</summary>
public static class MemberProtocol
{
    // Events, to the route table of the node

    /// <summary>All of the member's objects are known and have reached the replicated table.</summary>
    public sealed record MemberSynced(MemberName Member);

    // Events, to the route table of the node, from its directory

    /// <summary>Feeds have told which members there are.</summary>
    public sealed record MembersFound(ImmutableArray<MemberName> Members);

    // Commands, to a member's watcher

    /// <summary>The registry has another registration of it.</summary>
    public sealed record RegistrationChanged
    {
        public static readonly RegistrationChanged Instance = new();
    }

    /// <summary>What is held back since it looks like a loss is one; answered with <see cref="Approved"/>.</summary>
    public sealed record Approve;

    // Commands, to a member's entity; answered with Traits when the table holds what follows

    /// <param name="State">Active takes back what was ordered before.</param>
    public sealed record SetState(MemberState State)
    {
        /// <summary>Who ordered it; empty where nobody knows.</summary>
        public string By { get; init; } = "";
    }

    /// <param name="Origin">Of the registration that is meant; null for the present one.</param>
    /// <param name="Grace">How long it drains before all it had goes.</param>
    public sealed record Remove(string? Origin, TimeSpan Grace)
    {
        /// <inheritdoc cref="SetState.By"/>
        public string By { get; init; } = "";
    }

    // Queries

    public sealed record GetStatus;

    public sealed record GetTraits;

    /// <summary>To the directory; answered with <see cref="Troubles"/>.</summary>
    public sealed record GetTroubles;

    // Replies

    /// <param name="Value">Null when there is no such member.</param>
    public sealed record Traits(MemberName Member, MemberTraits? Value, MemberOrders Orders)
    {
        /// <summary>How much it had when it was last read whole and nothing was held; empty: nobody remembers.</summary>
        public EquatableArray<KindCount> Footprint { get; init; } = [];
    }

    /// <param name="Released">What was held back and is gone now, for people.</param>
    public sealed record Approved(MemberName Member, EquatableArray<string> Released);

    /// <param name="Problems">Definitions of members that can't be used, for people.</param>
    public sealed record Troubles(ImmutableArray<string> Problems);

    public sealed record MemberStatus(
        MemberName Member,
        string Source,
        bool Complete,
        IReadOnlyList<StaleKind> Stale,
        IReadOnlyList<string> Problems,
        int Ingresses,
        int Services,
        int Endpoints,
        DateTimeOffset? LastEvent)
    {
        /// <summary>How long what is known may be out of date; null while it is not.</summary>
        public TimeSpan? Behind { get; init; }

        /// <summary>What is held back since it looks like a loss, for people.</summary>
        public IReadOnlyList<string> Held { get; init; } = [];

        /// <summary>Why credentials are not used that there are for it; null while nothing is wrong.</summary>
        public string? CredentialProblem { get; init; }
    }

    /// <summary>From the source's own task into the watcher's mailbox.</summary>
    internal sealed record Received(MemberEvent Event, MailboxSink Through);
}
