namespace MultiCluster.Model.Resources;

/// <summary>networking.k8s.io/v1 IngressClass.</summary>
public sealed record IngressClassResource(ObjectMeta Meta) : Resource(Meta)
{
    public const string DefaultClassAnnotation = "ingressclass.kubernetes.io/is-default-class";

    public override ResourceKind Kind => ResourceKind.IngressClass;

    public string Controller { get; init; } = "";

    public bool IsDefault => string.Equals(Meta.Annotations.Find(DefaultClassAnnotation), "true", StringComparison.Ordinal);
}
