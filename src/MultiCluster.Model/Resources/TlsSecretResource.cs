using MultiCluster.Model.Security;

namespace MultiCluster.Model.Resources;

/// <summary>core/v1 Secret of type kubernetes.io/tls; PEM bytes as stored, not yet looked into.</summary>
public sealed record TlsSecretResource(ObjectMeta Meta) : Resource(Meta)
{
    public const string SecretType = "kubernetes.io/tls";

    public override ResourceKind Kind => ResourceKind.Secret;

    /// <summary>Value of tls.crt: the leaf first, then intermediates.</summary>
    public Secret CertificatePem { get; init; } = new(ReadOnlyMemory<byte>.Empty);

    /// <summary>Value of tls.key.</summary>
    public Secret PrivateKeyPem { get; init; } = new(ReadOnlyMemory<byte>.Empty);
}
