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

    /// <summary>The sender has nothing left to own and may be stopped; messages till then wait for its successor.</summary>
    public sealed record Passivate(EntityId Entity);

    /// <summary>The sender has started without memory: all watchers resend what concerns it.</summary>
    public sealed record Recover(EntityId Entity);

    // Commands, to an entity

    /// <summary>Answer to <see cref="Recover"/>: what to wait for before publishing anything.</summary>
    public sealed record RecoverFrom(ImmutableArray<MemberName> Members);

    /// <param name="Copy">An IngressCopy or ServiceCopy; null when the member has none.</param>
    public sealed record Observed(MemberName Member, object? Copy, long Sequence);

    /// <summary>What arbitration says of this ingress and others.</summary>
    public sealed record ConflictsChanged(EquatableArray<Condition> Conflicts);

    // Queries

    public sealed record GetIngress;

    // Replies

    public sealed record NoSuchEntity(EntityId Entity);

    /// <param name="Fragment">Null when no member has the ingress.</param>
    public sealed record IngressState(ObjectKey Key, Fragment.Ingress? Fragment, EquatableArray<CopyCondition> Conditions);
}
