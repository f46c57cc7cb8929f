using MultiCluster.Model.Collections;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Decoding;

internal struct IngressFields : IObjectFields
{
    private string? _className;
    private IngressBackend? _defaultBackend;
    private EquatableArray<IngressRule> _rules;
    private EquatableArray<IngressTls> _tls;
    private EquatableArray<string> _statusAddresses;

    public void Read(ref FieldReader reader)
    {
        if (reader.Is("spec"u8))
            ReadSpec(ref reader);
        else if (reader.Is("status"u8))
            _statusAddresses = LoadBalancerStatusDecoder.Read(ref reader);
        else
            reader.Skip();
    }

    public readonly Resource Build(ObjectMeta meta, string? error) => new IngressResource(meta)
    {
        ClassName = _className,
        DefaultBackend = _defaultBackend,
        Rules = _rules,
        Tls = _tls,
        StatusAddresses = _statusAddresses,
        DecodeError = error,
    };

    /// <summary>Of an Ingress, or of the template of a FederatedIngress.</summary>
    public void ReadSpec(ref FieldReader reader)
    {
        if (!reader.EnterObject())
            return;
        while (reader.NextField())
        {
            if (reader.Is("ingressClassName"u8))
                _className = reader.SharedText();
            else if (reader.Is("defaultBackend"u8))
                _defaultBackend = IngressBackendDecoder.Read(ref reader);
            else if (reader.Is("rules"u8))
                _rules = IngressRuleDecoder.ReadAll(ref reader);
            else if (reader.Is("tls"u8))
                _tls = ReadTls(ref reader);
            else
                reader.Skip();
        }
    }

    private static EquatableArray<IngressTls> ReadTls(ref FieldReader reader)
    {
        var items = default(ItemBuffer<IngressTls>);
        if (!reader.EnterArray())
            return [];
        while (reader.NextItem())
        {
            var hosts = default(ItemBuffer<string>);
            string? secret = null;
            if (reader.EnterObject())
            {
                while (reader.NextField())
                {
                    if (reader.Is("secretName"u8))
                        secret = reader.SharedText();
                    else if (reader.Is("hosts"u8))
                        ReadHosts(ref reader, ref hosts);
                    else
                        reader.Skip();
                }
            }

            items.Add(new IngressTls(hosts.ToEquatableArray(), secret));
        }

        return items.ToEquatableArray();
    }

    private static void ReadHosts(ref FieldReader reader, ref ItemBuffer<string> hosts)
    {
        if (!reader.EnterArray())
            return;
        while (reader.NextItem())
        {
            if (reader.SharedText() is { } host)
                hosts.Add(host);
        }
    }
}
