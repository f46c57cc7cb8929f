using MultiCluster.Model.Collections;
using MultiCluster.Model.Security;

namespace MultiCluster.Model.Resources;

/// <summary>
/// What certificates are made of in a Secret: of type kubernetes.io/tls, or of any with keys such as rsa.crt and rsa.key. PEM bytes as stored, not
/// yet looked into.
/// </summary>
public sealed record TlsSecretResource(ObjectMeta Meta) : Resource(Meta)
{
    public const string SecretType = "kubernetes.io/tls";

    public const string CertificateKey = "tls.crt";

    public const string PrivateKeyKey = "tls.key";

    /// <summary>What <see cref="Further"/> may be named.</summary>
    private static readonly string[] Kinds = ["rsa", "ecdsa", "dsa"];

    private static readonly Secret Nothing = new(ReadOnlyMemory<byte>.Empty);

    public override ResourceKind Kind => ResourceKind.Secret;

    /// <summary>Value of tls.crt: the leaf first, then intermediates.</summary>
    public Secret CertificatePem { get; init; } = Nothing;

    /// <summary>Value of tls.key.</summary>
    public Secret PrivateKeyPem { get; init; } = Nothing;

    /// <summary>For the same hosts, by the kind of their keys.</summary>
    public EquatableArray<TlsPair> Further { get; init; } = [];

    /// <summary>There is nothing under tls.crt, and need not be.</summary>
    public bool HasFurtherOnly => CertificatePem.Length == 0 && PrivateKeyPem.Length == 0 && !Further.IsEmpty;

    /// <summary>Null of a Secret that holds no certificate by its type and keys.</summary>
    public static TlsSecretResource? Of(DataSecretResource secret)
    {
        EquatableArray<TlsPair> further = [.. Kinds.Where(kind => secret.Find($"{kind}.crt") is not null)
            .Select(kind => new TlsPair(kind, secret.Find($"{kind}.crt")!, secret.Find($"{kind}.key") ?? Nothing))];
        return !secret.IsTls && further.IsEmpty ? null : new TlsSecretResource(secret.Meta)
        {
            CertificatePem = secret.Find(CertificateKey) ?? Nothing,
            PrivateKeyPem = secret.Find(PrivateKeyKey) ?? Nothing,
            Further = further,
            DecodeError = secret.DecodeError,
        };
    }
}

/// <param name="Name">As the keys of the Secret begin: rsa for rsa.crt and rsa.key.</param>
public sealed record TlsPair(string Name, Secret CertificatePem, Secret PrivateKeyPem);
