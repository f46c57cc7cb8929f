namespace MultiCluster.Model.Resources;

/// <summary>networking.k8s.io/v1 IngressClass.</summary>
public sealed record IngressClassResource(ObjectMeta Meta) : Resource(Meta)
{
    public const string DefaultClassAnnotation = "ingressclass.kubernetes.io/is-default-class";

    public override ResourceKind Kind => ResourceKind.IngressClass;

    public string Controller { get; init; } = "";

    /// <summary>spec.parameters; null when there are none.</summary>
    public ParametersReference? Parameters { get; init; }

    public bool IsDefault => string.Equals(Meta.Annotations.Find(DefaultClassAnnotation), "true", StringComparison.Ordinal);
}

/// <param name="ApiGroup">Empty for the core group.</param>
/// <param name="Namespace">Null: it names none.</param>
public sealed record ParametersReference(string ApiGroup, string Kind, string Name, string? Namespace);
