using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Members;

public sealed partial class MemberView
{
    private Resource? Find(ResourceKind kind, ObjectKey key) => kind switch
    {
        ResourceKind.Ingress => _ingresses.Find(key),
        ResourceKind.FederatedIngress => _ingresses.FindFederated(key),
        ResourceKind.Node => _nodes.Find(Identity(kind, key)),
        ResourceKind.IngressClass => _classes.Find(key.Name),
        ResourceKind.Service => _services.FindService(key),
        ResourceKind.EndpointSlice => _services.FindSlice(key),
        ResourceKind.Secret => _secrets.Find(key),
        ResourceKind.ReferenceGrant => _grants.Find(key),
        ResourceKind.Pod => _pods.Find(key),
        _ => null,
    };

    private IEnumerable<ObjectKey> KeysOf(ResourceKind kind) => kind switch
    {
        ResourceKind.Ingress => _ingresses.Keys,
        ResourceKind.FederatedIngress => _ingresses.FederatedKeys,
        ResourceKind.Node => _nodes.Keys,
        ResourceKind.IngressClass => _classes.Names.Select(static name => new ObjectKey("", name)),
        ResourceKind.Service => _services.ServiceKeys,
        ResourceKind.EndpointSlice => _services.SliceKeys,
        ResourceKind.Secret => _secrets.Keys,
        ResourceKind.ReferenceGrant => _grants.Keys,
        ResourceKind.Pod => _pods.Pods,
        _ => [],
    };

    /// <summary>IngressClasses and Nodes have no namespace, whatever a file may say.</summary>
    private static ObjectKey Identity(ResourceKind kind, ObjectKey key) =>
        kind is ResourceKind.IngressClass or ResourceKind.Node ? new ObjectKey("", key.Name) : key;
}
