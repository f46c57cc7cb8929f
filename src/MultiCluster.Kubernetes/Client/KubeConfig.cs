using System.Security.Cryptography.X509Certificates;
using MultiCluster.Kubernetes.Credentials;
using MultiCluster.Model.Security;

namespace MultiCluster.Kubernetes.Client;

/// <summary>How to reach and enter one API server: a context of a kubeconfig file, or a pod's service account.</summary>
public sealed record KubeConfig(Uri Server)
{
    /// <summary>For messages: file and context.</summary>
    public string Source { get; init; } = "";

    /// <summary>Namespace of the context or of the pod; null when none is named.</summary>
    public string? Namespace { get; init; }

    /// <summary>Roots that the server's certificate must chain to; empty means the machine's own.</summary>
    public IReadOnlyList<X509Certificate2> CertificateAuthorities { get; init; } = [];

    /// <summary>With its private key; null when the context has none.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    public Secret? Token { get; init; }

    /// <summary>Read again when it changes; wins over <see cref="Token"/>, as in kubectl.</summary>
    public string? TokenFile { get; init; }

    /// <summary>A program that prints credentials; null when the user has none.</summary>
    internal ExecPlugin? Exec { get; init; }

    /// <summary>The files that were read for this, beside the kubeconfig itself, and the token file.</summary>
    internal IReadOnlyList<string> Files { get; init; } = [];

    public bool InsecureSkipTlsVerify { get; init; }

    /// <summary>Name for SNI and for the check of the server's certificate, instead of the host of <see cref="Server"/>.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>May hold a password: not for messages.</summary>
    public Uri? ProxyUrl { get; init; }

    /// <summary>Reads a kubeconfig file.</summary>
    /// <param name="path">Relative paths in the file are relative to its folder, as for kubectl.</param>
    /// <param name="context">Null for the file's current-context.</param>
    public static KubeConfigResult Load(string path, string? context = null) => KubeConfigLoader.Load(path, context);

    /// <summary>Reads a kubeconfig of an API object, or of any other place that is not a file of this machine.</summary>
    /// <param name="source">Where it comes from, for messages, such as "Secret clusters/aws, key kubeconfig".</param>
    /// <param name="trust">Null: it may name neither files nor programs.</param>
    /// <param name="context">Null for its current-context.</param>
    public static KubeConfigResult Parse(ReadOnlyMemory<byte> text, string source, KubeConfigTrust? trust = null, string? context = null) =>
        KubeConfigLoader.Parse(text.Span, source, trust ?? KubeConfigTrust.DataOnly, context);

    /// <summary>Whether this process runs in a pod, which it does or does not from its start on.</summary>
    public static bool IsInCluster => Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is { Length: > 0 };

    /// <summary>The service account that Kubernetes mounts into a pod.</summary>
    public static KubeConfigResult InCluster() => InClusterConfig.Load(InClusterConfig.DefaultFolder, Environment.GetEnvironmentVariable);

    /// <summary>As it is, with what was fetched for it; files and programs are not asked any more.</summary>
    internal KubeConfig With(Credential credential) => this with
    {
        Exec = null,
        TokenFile = null,
        Token = credential.Token is { } token ? Secret.FromText(token) : null,
        ClientCertificate = credential.Certificate ?? ClientCertificate,
    };

    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("Server = ").Append(Server).Append(", Source = ").Append(Source);
        return true;
    }
}

/// <summary>A configuration, or a message that names file, context and fix.</summary>
public readonly record struct KubeConfigResult(KubeConfig? Config, string? Error);
