using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Members;

/// <summary>What an event of a member means for the owner of one federated object; a null copy: the member has none any more.</summary>
public abstract record CopyChange
{
    private CopyChange(ObjectKey key) => Key = key;

    public ObjectKey Key { get; }

    public sealed record IngressChanged(ObjectKey Ingress, IngressCopy? Copy) : CopyChange(Ingress);

    public sealed record ServiceChanged(ObjectKey Service, ServiceCopy? Copy) : CopyChange(Service);
}

/// <summary>A kind that can't be read from the member now; what is known of it may be out of date.</summary>
public sealed record StaleKind(ResourceKind Kind, string Reason);
