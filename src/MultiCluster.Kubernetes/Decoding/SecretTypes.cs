using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Decoding;

/// <summary>Which Secrets are read. A Secret's type can't be changed, so that a selector by it never lets one go unseen.</summary>
internal static class SecretTypes
{
    public const string Default = "Opaque";

    /// <summary>What no Ingress has a use for: they are not asked for, since they are many, large, or worth more than all others.</summary>
    private static readonly string[] Unwanted =
    [
        "kubernetes.io/service-account-token",
        "helm.sh/release.v1",
        "bootstrap.kubernetes.io/token",
        "kubernetes.io/dockercfg",
        "kubernetes.io/dockerconfigjson",
        "kubernetes.io/ssh-auth",
    ];

    /// <summary>Of a Secret for TLS: whoever issues certificates puts keystores in it as well.</summary>
    private static readonly string[] TlsKeys = [TlsSecretResource.CertificateKey, TlsSecretResource.PrivateKeyKey, "ca.crt", "ca.crl"];

    /// <summary>For the API server.</summary>
    public static string FieldSelector { get; } = string.Join(',', Unwanted.Select(static type => $"type!={type}"));

    public static bool IsWanted(string type) => !Unwanted.Contains(type, StringComparer.Ordinal);

    public static bool IsWanted(string type, string key) => type != TlsSecretResource.SecretType || TlsKeys.Contains(key, StringComparer.Ordinal);
}
