using MultiCluster.Kubernetes.Decoding;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Kubernetes.Discovery;

/// <summary>multicluster-ingress.github.io/v1alpha1 MemberCluster, as written.</summary>
internal sealed record MemberClusterResource(ObjectMeta Meta) : Resource(Meta)
{
    public const string ApiVersion = "multicluster-ingress.github.io/v1alpha1";
    public const string KindName = "MemberCluster";
    public const string NoSecret = "spec.kubeconfigSecretRef must name the namespace and the name of a Secret";

    public override ResourceKind Kind => ResourceKind.MemberCluster;

    public SecretReference? KubeConfigSecret { get; init; }

    /// <summary>Auto, PodIP, NodePort or LoadBalancer.</summary>
    public string? EndpointMode { get; init; }

    /// <summary>Active, Drain or Disabled.</summary>
    public string? State { get; init; }

    /// <summary>Empty: all.</summary>
    public EquatableArray<string> Namespaces { get; init; } = [];

    public EndpointTransport Transport { get; init; }

    public ObjectKey? Secret =>
        KubeConfigSecret is { Namespace.Length: > 0, Name.Length: > 0 } secret && DnsNames.IsLabel(secret.Namespace) && DnsNames.IsSubdomain(secret.Name)
            ? new ObjectKey(secret.Namespace, secret.Name)
            : null;

    /// <summary>What keeps it from naming a member, whatever its Secret holds.</summary>
    public IEnumerable<string> Problems() =>
        ((string?[])
        [
            DecodeError,
            Secret is null ? NoSecret : null,
            ModeOf(this, out _),
            StateOf(this, out _),
        ]).OfType<string>();

    /// <param name="resource">Null: a Secret stands for the member alone.</param>
    public static string? ModeOf(MemberClusterResource? resource, out EndpointMode mode)
    {
        mode = EndpointAccess.Default.Mode;
        if (resource?.EndpointMode is not { Length: > 0 } text)
            return null;
        return Enum.TryParse(text, out mode) && string.Equals(mode.ToString(), text, StringComparison.Ordinal)
            ? null
            : $"spec.endpointMode \"{text}\" is none of {string.Join(", ", Enum.GetNames<EndpointMode>())}";
    }

    /// <inheritdoc cref="ModeOf"/>
    public static string? StateOf(MemberClusterResource? resource, out MemberState state)
    {
        state = MemberState.Active;
        if (resource?.State is not { Length: > 0 } text)
            return null;
        return Enum.TryParse(text, out state) && string.Equals(state.ToString(), text, StringComparison.Ordinal)
            ? null
            : $"spec.state \"{text}\" is none of {string.Join(", ", Enum.GetNames<MemberState>())}";
    }
}

/// <param name="Key">Of the Secret's data.</param>
internal sealed record SecretReference(string Namespace, string Name, string Key)
{
    public override string ToString() => $"{Namespace}/{Name}";
}

internal struct MemberClusterFields : IObjectFields
{
    private const string DefaultKey = "kubeconfig";

    private SecretReference? _secret;
    private string? _endpointMode;
    private string? _state;
    private ItemBuffer<string> _namespaces;
    private EndpointTransport _transport;

    public void Read(ref FieldReader reader)
    {
        if (!reader.Is("spec"u8))
        {
            reader.Skip();
            return;
        }

        if (!reader.EnterObject())
            return;
        while (reader.NextField())
        {
            if (reader.Is("kubeconfigSecretRef"u8))
                _secret = ReadReference(ref reader);
            else if (reader.Is("endpointMode"u8))
                _endpointMode = reader.SharedText();
            else if (reader.Is("state"u8))
                _state = reader.SharedText();
            else if (reader.Is("namespaces"u8))
                ReadNamespaces(ref reader);
            else if (reader.Is("transport"u8))
                ReadTransport(ref reader);
            else
                reader.Skip();
        }
    }

    public readonly Resource Build(ObjectMeta meta, string? error) => new MemberClusterResource(meta)
    {
        KubeConfigSecret = _secret,
        EndpointMode = _endpointMode,
        State = _state,
        Namespaces = _namespaces.ToEquatableArray(),
        Transport = _transport,
        DecodeError = error,
    };

    private static SecretReference? ReadReference(ref FieldReader reader)
    {
        string? space = null, name = null, key = null;
        if (reader.IsNull() || !reader.EnterObject())
            return null;
        while (reader.NextField())
        {
            if (reader.Is("namespace"u8))
                space = reader.SharedText();
            else if (reader.Is("name"u8))
                name = reader.SharedText();
            else if (reader.Is("key"u8))
                key = reader.SharedText();
            else
                reader.Skip();
        }

        return new SecretReference(space ?? "", name ?? "", string.IsNullOrEmpty(key) ? DefaultKey : key);
    }

    private void ReadNamespaces(ref FieldReader reader)
    {
        if (!reader.EnterArray())
            return;
        while (reader.NextItem())
        {
            if (reader.SharedText() is { Length: > 0 } name)
                _namespaces.Add(name);
        }
    }

    private void ReadTransport(ref FieldReader reader)
    {
        if (!reader.EnterObject())
            return;
        while (reader.NextField())
        {
            if (reader.Is("tls"u8))
                _transport = _transport with { Tls = reader.Boolean() ?? false };
            else if (reader.Is("verifyTls"u8))
                _transport = _transport with { VerifyTls = reader.Boolean() ?? false };
            else if (reader.Is("proxyProtocol"u8))
                _transport = _transport with { ProxyProtocol = reader.Boolean() ?? false };
            else
                reader.Skip();
        }
    }
}
