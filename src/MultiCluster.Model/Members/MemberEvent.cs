using System.Collections.Immutable;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Model.Members;

/// <summary>What a source of one member's objects (API server or manifest folder) reports, in order.</summary>
public abstract record MemberEvent
{
    private MemberEvent()
    {
    }

    /// <summary>A complete list of one kind: what it lacks is deleted. Never sent for a partial or failed list.</summary>
    public sealed record Listed(ResourceKind Kind, ImmutableArray<Resource> Items) : MemberEvent
    {
        /// <summary>
        /// The kind could not be read, and nothing has been seen of it since: a watch may have been opened meanwhile, only to say that it is too far
        /// behind, which looked like <see cref="Connected"/>.
        /// </summary>
        public bool FollowsOutage { get; init; }
    }

    public sealed record Upserted(Resource Resource) : MemberEvent;

    public sealed record Deleted(ResourceKind Kind, ObjectKey Key) : MemberEvent;

    /// <summary>The source works for <paramref name="Kind"/>, perhaps again after a failure.</summary>
    public sealed record Connected(ResourceKind Kind) : MemberEvent;

    /// <summary>The source can't be read for <paramref name="Kind"/>; what was known stays valid.</summary>
    public sealed record Disconnected(ResourceKind Kind, string Reason) : MemberEvent;

    /// <summary>After <see cref="Disconnected"/>: the source has answered that <paramref name="Kind"/> must not be read, which only people can mend.</summary>
    public sealed record Refused(ResourceKind Kind) : MemberEvent;
}

/// <summary>Receives a member's events. Called by one caller at a time for each kind; waiting applies back-pressure to the source.</summary>
public interface IMemberSink
{
    ValueTask OnEventAsync(MemberEvent memberEvent, CancellationToken cancellationToken);
}

/// <summary>Reads one member until cancelled; a failure of the member is an event, not an exception.</summary>
public interface IMemberSource
{
    /// <summary>For people: server address or folder.</summary>
    string Description { get; }

    Task RunAsync(IMemberSink sink, CancellationToken cancellationToken);
}
