using System.Collections.Immutable;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Entities;

/// <summary>What the region and the entities behind it take and tell.</summary>
public static class EntityProtocol
{
    // Commands, to the region

    /// <summary>For the entity, wherever it lives; starts it if need be.</summary>
    public sealed record ToEntity(EntityId Entity, object Message);

    /// <summary>For the entity if it runs; otherwise there is nobody whom it concerns, and a question gets <see cref="NoSuchEntity"/>.</summary>
    public sealed record ToRunning(EntityId Entity, object Message);

    /// <summary>The sender delivers this member's copies and resends them on request.</summary>
    public sealed record RegisterWatcher(MemberName Member);

    /// <summary>The sender has nothing left to own; it gets <see cref="MayStop"/>, and what is for it waits meanwhile.</summary>
    public sealed record Passivate(EntityId Entity);

    /// <summary>Answer to <see cref="MayStop"/>: news that was on its way before gave the sender something to own.</summary>
    public sealed record Stay(EntityId Entity);

    /// <summary>The sender has started without memory: all watchers resend what concerns it.</summary>
    public sealed record Recover(EntityId Entity);

    // Commands, to an entity

    /// <summary>Answer to <see cref="Recover"/>: what to wait for before publishing anything.</summary>
    public sealed record RecoverFrom(ImmutableArray<MemberName> Members);

    /// <summary>Answer to <see cref="Passivate"/>: nothing more is on its way, so it stops, or says that it stays.</summary>
    public sealed record MayStop;

    /// <param name="Copy">An IngressCopy or ServiceCopy; null when the member has none.</param>
    public sealed record Observed(MemberName Member, object? Copy, long Sequence);

    /// <summary>What arbitration says of this ingress and others.</summary>
    public sealed record ConflictsChanged(EquatableArray<Condition> Conflicts);

    // Queries

    public sealed record GetIngress;

    /// <summary>To the region: which entities there are.</summary>
    public sealed record GetEntities;

    // Replies

    public sealed record NoSuchEntity(EntityId Entity);

    public sealed record Entities(ImmutableArray<EntityId> Ids);

    /// <param name="Fragment">Null when no member has the ingress.</param>
    public sealed record IngressState(ObjectKey Key, Fragment.Ingress? Fragment, EquatableArray<CopyCondition> Conditions);
}
