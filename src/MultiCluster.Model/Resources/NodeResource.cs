using MultiCluster.Model.Collections;

namespace MultiCluster.Model.Resources;

/// <summary>core/v1 Node; read only from members whose Services are reached by NodePort.</summary>
public sealed record NodeResource(ObjectMeta Meta) : Resource(Meta)
{
    public override ResourceKind Kind => ResourceKind.Node;

    /// <summary>Its condition Ready is True, and it is neither cordoned nor excluded from load balancers.</summary>
    public bool TakesTraffic { get; init; }

    /// <summary>InternalIP first, then ExternalIP, as written.</summary>
    public EquatableArray<string> Addresses { get; init; } = [];
}
