namespace MultiCluster.Model.Resources;

/// <summary>The metadata of a core/v1 Pod; read only where the configuration names labels of pods.</summary>
public sealed record PodResource(ObjectMeta Meta) : Resource(Meta)
{
    public override ResourceKind Kind => ResourceKind.Pod;
}
