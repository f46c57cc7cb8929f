using System.Collections.Immutable;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;

namespace MultiCluster.Controller.Status;

public static class StatusProtocol
{
    /// <summary>What each member that has been heard has of an ingress now, and in which members it is accepted.</summary>
    /// <param name="Permit">Of the owner. While its lease is out the write waits; it is dropped when the owner says <see cref="Released"/>.</param>
    public sealed record CopiesChanged(ObjectKey Ingress, ImmutableArray<IngressCopy> Copies, EquatableArray<MemberName> Accepted, WritePermit Permit);

    /// <summary>The owner of that permit has stopped: what it wanted to write is the next one's business.</summary>
    public sealed record Released(ObjectKey Ingress, WritePermit Permit);

    /// <summary>What there is to say of an ingress now; see <see cref="IngressVerdict"/>.</summary>
    /// <param name="Verdict">Null: no member has it any more.</param>
    /// <param name="Before">What an owner before had said, as far as it is known; given with the first message of an owner.</param>
    /// <param name="Permit">Of the owner; as in <see cref="CopiesChanged"/>.</param>
    public sealed record Judged(ObjectKey Ingress, IngressVerdict? Verdict, IngressVerdict? Before, WritePermit Permit);

    /// <summary>What its watcher says of a member that a MemberCluster registered.</summary>
    /// <param name="Permit">Of the watcher; as in <see cref="CopiesChanged"/>.</param>
    public sealed record MemberSeen(MemberName Member, MemberClusterReport Report, WritePermit Permit);

    /// <summary>The watcher of that permit has stopped.</summary>
    public sealed record MemberReleased(MemberName Member, WritePermit Permit);
}
