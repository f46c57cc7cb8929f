using MultiCluster.Kubernetes.Decoding;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Kubernetes.Discovery;

/// <summary>multicluster-ingress.github.io/v1alpha1 MemberCluster, as written.</summary>
internal sealed record MemberClusterResource(ObjectMeta Meta) : Resource(Meta)
{
    public override ResourceKind Kind => ResourceKind.MemberCluster;

    public SecretReference? KubeConfigSecret { get; init; }

    /// <summary>Auto, PodIP, NodePort or LoadBalancer.</summary>
    public string? EndpointMode { get; init; }

    /// <summary>Active, Drain or Disabled.</summary>
    public string? State { get; init; }

    /// <summary>Empty: all.</summary>
    public EquatableArray<string> Namespaces { get; init; } = [];

    public EndpointTransport Transport { get; init; }
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
