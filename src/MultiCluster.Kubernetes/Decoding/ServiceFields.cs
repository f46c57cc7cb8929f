using System.Globalization;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Decoding;

internal struct ServiceFields : IObjectFields
{
    /// <summary>Of a headless Service.</summary>
    private const string None = "None";

    private string? _type;
    private string? _externalName;
    private string? _externalTrafficPolicy;
    private EquatableArray<ServicePort> _ports;
    private EquatableArray<string> _loadBalancerAddresses;
    private EquatableArray<string> _clusterAddresses;
    private string? _clusterAddress;

    public void Read(ref FieldReader reader)
    {
        if (reader.Is("spec"u8))
            ReadSpec(ref reader);
        else if (reader.Is("status"u8))
            _loadBalancerAddresses = LoadBalancerStatusDecoder.Read(ref reader);
        else
            reader.Skip();
    }

    public readonly Resource Build(ObjectMeta meta, string? error) => new ServiceResource(meta)
    {
        Type = string.IsNullOrEmpty(_type) ? "ClusterIP" : _type,
        ExternalName = _externalName,
        Ports = _ports,
        ClusterAddresses = !_clusterAddresses.IsEmpty ? _clusterAddresses : _clusterAddress is { Length: > 0 } and not None ? [_clusterAddress] : [],
        LoadBalancerAddresses = _loadBalancerAddresses,
        IsExternalTrafficLocal = string.Equals(_externalTrafficPolicy, "Local", StringComparison.Ordinal),
        DecodeError = error,
    };

    private void ReadSpec(ref FieldReader reader)
    {
        if (!reader.EnterObject())
            return;
        while (reader.NextField())
        {
            if (reader.Is("type"u8))
                _type = reader.SharedText();
            else if (reader.Is("externalName"u8))
                _externalName = reader.SharedText();
            else if (reader.Is("externalTrafficPolicy"u8))
                _externalTrafficPolicy = reader.SharedText();
            else if (reader.Is("clusterIP"u8))
                _clusterAddress = reader.Text();
            else if (reader.Is("clusterIPs"u8))
                _clusterAddresses = ReadAddresses(ref reader);
            else if (reader.Is("ports"u8))
                _ports = ReadPorts(ref reader);
            else
                reader.Skip();
        }
    }

    private static EquatableArray<string> ReadAddresses(ref FieldReader reader)
    {
        var addresses = default(ItemBuffer<string>);
        if (reader.EnterArray())
        {
            while (reader.NextItem())
            {
                if (reader.Text() is { Length: > 0 } and not None and var address)
                    addresses.Add(address);
            }
        }

        return addresses.ToEquatableArray();
    }

    private static EquatableArray<ServicePort> ReadPorts(ref FieldReader reader)
    {
        var ports = default(ItemBuffer<ServicePort>);
        if (reader.EnterArray())
        {
            while (reader.NextItem())
                ports.Add(ReadPort(ref reader));
        }

        return ports.ToEquatableArray();
    }

    private static ServicePort ReadPort(ref FieldReader reader)
    {
        string? name = null, protocol = null, targetPort = null, appProtocol = null;
        var number = 0;
        int? nodePort = null;
        if (reader.EnterObject())
        {
            while (reader.NextField())
            {
                if (reader.Is("name"u8))
                    name = reader.SharedText();
                else if (reader.Is("port"u8))
                    number = reader.Port() ?? 0;
                else if (reader.Is("nodePort"u8))
                    nodePort = reader.Port();
                else if (reader.Is("protocol"u8))
                    protocol = reader.SharedText();
                else if (reader.Is("targetPort"u8))
                    targetPort = reader.IntegerOrText();
                else if (reader.Is("appProtocol"u8))
                    appProtocol = reader.SharedText();
                else
                    reader.Skip();
            }
        }

        return new ServicePort(name ?? "", number, protocol ?? "TCP", Normal(targetPort, number), appProtocol) { NodePort = nodePort };
    }

    /// <summary>0 and "" are Go's zero values, i.e. not set.</summary>
    private static string? Normal(string? targetPort, int number) =>
        targetPort is null or "" or "0" || string.Equals(targetPort, number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            ? null
            : targetPort;
}
