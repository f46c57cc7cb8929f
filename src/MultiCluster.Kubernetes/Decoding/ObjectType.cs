using MultiCluster.Kubernetes.Discovery;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Decoding;

internal delegate DecodeResult ObjectDecode(ref FieldReader reader, string? defaultNamespace, out MetaFields meta);

/// <summary>How objects of one kind are read. A kind may be read in several ways: of a Secret a certificate, or kubeconfigs.</summary>
/// <param name="Kind">As in the object; a list of them has the kind with "List" behind it.</param>
internal sealed record ObjectType(string Kind, ObjectDecode Decode)
{
    public static readonly ObjectType KubeConfigSecret = new("Secret", ObjectDecoder.Decode<KubeConfigSecretFields>);

    private static readonly ObjectType Ingress = new("Ingress", ObjectDecoder.Decode<IngressFields>);
    private static readonly ObjectType IngressClass = new("IngressClass", ObjectDecoder.DecodeClusterWide<IngressClassFields>);
    private static readonly ObjectType Service = new("Service", ObjectDecoder.Decode<ServiceFields>);
    private static readonly ObjectType EndpointSlice = new("EndpointSlice", ObjectDecoder.Decode<EndpointSliceFields>);
    private static readonly ObjectType Secret = new("Secret", ObjectDecoder.Decode<SecretFields>);
    private static readonly ObjectType Node = new("Node", ObjectDecoder.DecodeClusterWide<NodeFields>);
    private static readonly ObjectType FederatedIngress = new("FederatedIngress", ObjectDecoder.Decode<FederatedIngressFields>);
    private static readonly ObjectType MemberCluster = new("MemberCluster", ObjectDecoder.DecodeClusterWide<MemberClusterFields>);

    private static readonly ObjectType ConfigMap = new("ConfigMap", ObjectDecoder.Decode<ConfigMapFields>);

    private static readonly ObjectType ReferenceGrant = new("ReferenceGrant", ObjectDecoder.Decode<ReferenceGrantFields>);

    private static readonly ObjectType Pod = new("Pod", ObjectDecoder.Decode<PodFields>) { MetadataListKind = "PartialObjectMetadataList" };

    /// <summary>Kind of a list of metadata alone, which is what the server is asked for; null: objects are read whole.</summary>
    public string? MetadataListKind { get; private init; }

    public static ObjectType Of(ResourceKind kind) => kind switch
    {
        ResourceKind.Ingress => Ingress,
        ResourceKind.IngressClass => IngressClass,
        ResourceKind.Service => Service,
        ResourceKind.EndpointSlice => EndpointSlice,
        ResourceKind.Secret => Secret,
        ResourceKind.Node => Node,
        ResourceKind.FederatedIngress => FederatedIngress,
        ResourceKind.MemberCluster => MemberCluster,
        ResourceKind.ConfigMap => ConfigMap,
        ResourceKind.ReferenceGrant => ReferenceGrant,
        ResourceKind.Pod => Pod,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no decoder"),
    };
}
