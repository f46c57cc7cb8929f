using MultiCluster.Model.Collections;

namespace MultiCluster.Model.Resources;

/// <summary>core/v1 ConfigMap that the configuration names. Of <c>binaryData</c> nothing is read.</summary>
public sealed record ConfigMapResource(ObjectMeta Meta) : Resource(Meta)
{
    /// <summary>Of all keys and values together, as the API server has it.</summary>
    public const int MaxLength = 1 << 20;

    public override ResourceKind Kind => ResourceKind.ConfigMap;

    public EquatableMap Data { get; init; } = EquatableMap.Empty;
}
