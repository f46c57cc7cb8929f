using MultiCluster.Model.Collections;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Decoding;

/// <summary>core/v1 Pod, of which only the metadata is read, also where a server sends all of it.</summary>
internal struct PodFields : IObjectFields
{
    public readonly void Read(ref FieldReader reader) => reader.Skip();

    public readonly Resource Build(ObjectMeta meta, string? error) => new PodResource(meta with { Annotations = EquatableMap.Empty }) { DecodeError = error };
}
