using System.Collections.Immutable;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;

namespace MultiCluster.Controller.Status;

public static class StatusProtocol
{
    /// <summary>What each member has of an ingress now, and in which members it is accepted.</summary>
    public sealed record CopiesChanged(ObjectKey Ingress, ImmutableArray<IngressCopy> Copies, EquatableArray<MemberName> Accepted);
}
