using MultiCluster.Model.Security;

namespace MultiCluster.Model.Resources;

/// <summary>What a certificate is made of in a Secret of type kubernetes.io/tls; PEM bytes as stored, not yet looked into.</summary>
public sealed record TlsSecretResource(ObjectMeta Meta) : Resource(Meta)
{
    public const string SecretType = "kubernetes.io/tls";

    public const string CertificateKey = "tls.crt";

    public const string PrivateKeyKey = "tls.key";

    private static readonly Secret Nothing = new(ReadOnlyMemory<byte>.Empty);

    public override ResourceKind Kind => ResourceKind.Secret;

    /// <summary>Value of tls.crt: the leaf first, then intermediates.</summary>
    public Secret CertificatePem { get; init; } = Nothing;

    /// <summary>Value of tls.key.</summary>
    public Secret PrivateKeyPem { get; init; } = Nothing;

    /// <summary>Null of a Secret of another type.</summary>
    public static TlsSecretResource? Of(DataSecretResource secret) => !secret.IsTls ? null : new TlsSecretResource(secret.Meta)
    {
        CertificatePem = secret.Find(CertificateKey) ?? Nothing,
        PrivateKeyPem = secret.Find(PrivateKeyKey) ?? Nothing,
        DecodeError = secret.DecodeError,
    };
}
