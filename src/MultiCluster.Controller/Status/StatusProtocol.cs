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
}
