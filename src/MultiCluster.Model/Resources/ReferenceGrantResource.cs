using MultiCluster.Model.Collections;

namespace MultiCluster.Model.Resources;

/// <summary>
/// gateway.networking.k8s.io/v1beta1 ReferenceGrant: its namespace lets objects of others name some of its own. Of these Ingresses and Secrets alone
/// are read.
/// </summary>
public sealed record ReferenceGrantResource(ObjectMeta Meta) : Resource(Meta)
{
    public override ResourceKind Kind => ResourceKind.ReferenceGrant;

    /// <summary>Namespaces whose Ingresses may.</summary>
    public EquatableArray<string> Ingresses { get; init; } = [];

    /// <summary>Names of Secrets that they may use; an empty one stands for all.</summary>
    public EquatableArray<string> Secrets { get; init; } = [];

    /// <summary>Whether Ingresses of a namespace may use the Secret, if it is of the grant's own.</summary>
    public bool Allows(string ingresses, string secret) =>
        DecodeError is null && Ingresses.Contains(ingresses) && Secrets.Any(name => name.Length == 0 || name == secret);
}
