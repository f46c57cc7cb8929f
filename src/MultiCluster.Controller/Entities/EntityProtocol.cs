using System.Collections.Immutable;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.Entities;

/// <summary>What entities take and tell besides the protocols of shards and deliveries.</summary>
public static class EntityProtocol
{
    // Events, from the route table

    /// <summary>What arbitration says of this ingress and others.</summary>
    public sealed record ConflictsChanged(EquatableArray<Condition> Conflicts);

    /// <summary>What all entities have said of members; sent when a watch begins, and with every change.</summary>
    public sealed record MembersChanged(ImmutableSortedDictionary<MemberName, MemberTraits> Members);

    // Queries

    public sealed record GetIngress;

    // Replies

    /// <param name="Fragment">Null when no member has the ingress.</param>
    public sealed record IngressState(ObjectKey Key, Fragment.Ingress? Fragment, EquatableArray<CopyCondition> Conditions);
}
