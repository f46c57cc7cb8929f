using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Decoding;

/// <summary>multicluster-ingress.github.io/v1alpha1 FederatedIngress.</summary>
internal struct FederatedIngressFields : IObjectFields
{
    private string? _className;
    private bool _hasTemplate;
    private IngressFields _template;
    private MetaFields _templateMeta;
    private FederatedReference? _reference;
    private FederatedPlacement? _placement;
    private TrafficSpec? _traffic;
    private StalenessSpec? _staleness;

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
            if (reader.Is("ingressClassName"u8))
                _className = reader.SharedText();
            else if (reader.Is("template"u8))
                ReadTemplate(ref reader);
            else if (reader.Is("resourceRef"u8))
                _reference = ReadReference(ref reader);
            else if (reader.Is("placement"u8))
                _placement = FederatedPlacementDecoder.Read(ref reader);
            else if (reader.Is("trafficPolicy"u8))
                _traffic = TrafficSpecDecoder.Read(ref reader);
            else if (reader.Is("staleness"u8))
                _staleness = ReadStaleness(ref reader);
            else
                reader.Skip();
        }
    }

    public readonly Resource Build(ObjectMeta meta, string? error) => new FederatedIngressResource(meta)
    {
        ClassName = _className,
        Template = _hasTemplate ? Template(meta, error) : null,
        Reference = _reference,
        Placement = _placement,
        Traffic = _traffic,
        Staleness = _staleness,
        DecodeError = error,
    };

    /// <summary>A class that the template names itself stays; otherwise it has that of the FederatedIngress.</summary>
    private readonly IngressResource Template(ObjectMeta meta, string? error)
    {
        var own = (_templateMeta with { Name = meta.Key.Name, Namespace = meta.Key.Namespace }).ToMeta(namespaced: true, defaultNamespace: null);
        var ingress = (IngressResource)_template.Build(meta with { Labels = own.Labels, Annotations = own.Annotations }, error);
        return ingress with { ClassName = ingress.ClassName ?? _className };
    }

    private void ReadTemplate(ref FieldReader reader)
    {
        if (reader.IsNull() || !reader.EnterObject())
            return;
        _hasTemplate = true;
        while (reader.NextField())
        {
            if (reader.Is("metadata"u8))
                MetaDecoder.Read(ref reader, ref _templateMeta);
            else if (reader.Is("spec"u8))
                _template.ReadSpec(ref reader);
            else
                reader.Skip();
        }
    }

    private static FederatedReference? ReadReference(ref FieldReader reader)
    {
        string? apiVersion = null, kind = null, name = null;
        if (reader.IsNull() || !reader.EnterObject())
            return null;
        while (reader.NextField())
        {
            if (reader.Is("apiVersion"u8))
                apiVersion = reader.SharedText();
            else if (reader.Is("kind"u8))
                kind = reader.SharedText();
            else if (reader.Is("name"u8))
                name = reader.SharedText();
            else
                reader.Skip();
        }

        return new FederatedReference(apiVersion ?? "", kind ?? "", name ?? "");
    }

    private static StalenessSpec? ReadStaleness(ref FieldReader reader)
    {
        string? policy = null, ttl = null;
        int? minClusters = null;
        if (reader.IsNull() || !reader.EnterObject())
            return null;
        while (reader.NextField())
        {
            if (reader.Is("policy"u8))
                policy = reader.SharedText();
            else if (reader.Is("ttl"u8))
                ttl = reader.SharedText();
            else if (reader.Is("minClusters"u8))
                minClusters = reader.SmallInteger();
            else
                reader.Skip();
        }

        return new StalenessSpec(policy, ttl, minClusters);
    }
}
