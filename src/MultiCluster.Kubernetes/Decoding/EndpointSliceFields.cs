using MultiCluster.Model.Collections;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Decoding;

/// <summary>discovery.k8s.io/v1 EndpointSlice: the kind that changes most, so nothing is allocated that isn't kept.</summary>
internal struct EndpointSliceFields : IObjectFields
{
    private string? _addressType;
    private EquatableArray<EndpointPort> _ports;
    private EquatableArray<Endpoint> _endpoints;

    public void Read(ref FieldReader reader)
    {
        if (reader.Is("endpoints"u8))
            _endpoints = ReadEndpoints(ref reader);
        else if (reader.Is("ports"u8))
            _ports = ReadPorts(ref reader);
        else if (reader.Is("addressType"u8))
            _addressType = reader.SharedText();
        else
            reader.Skip();
    }

    public readonly Resource Build(ObjectMeta meta, string? error) => new EndpointSliceResource(meta)
    {
        AddressType = _addressType ?? "IPv4",
        Ports = _ports,
        Endpoints = _endpoints,
        DecodeError = error,
    };

    private static EquatableArray<EndpointPort> ReadPorts(ref FieldReader reader)
    {
        var ports = default(ItemBuffer<EndpointPort>);
        if (reader.EnterArray())
        {
            while (reader.NextItem())
                ports.Add(ReadPort(ref reader));
        }

        return ports.ToEquatableArray();
    }

    private static EndpointPort ReadPort(ref FieldReader reader)
    {
        string? name = null, protocol = null, appProtocol = null;
        int? number = null;
        if (reader.EnterObject())
        {
            while (reader.NextField())
            {
                if (reader.Is("name"u8))
                    name = reader.SharedText();
                else if (reader.Is("port"u8))
                    number = reader.Port();
                else if (reader.Is("protocol"u8))
                    protocol = reader.SharedText();
                else if (reader.Is("appProtocol"u8))
                    appProtocol = reader.SharedText();
                else
                    reader.Skip();
            }
        }

        return new EndpointPort(name ?? "", number, protocol ?? "TCP", appProtocol);
    }

    private static EquatableArray<Endpoint> ReadEndpoints(ref FieldReader reader)
    {
        var endpoints = default(ItemBuffer<Endpoint>);
        if (reader.EnterArray())
        {
            while (reader.NextItem())
                endpoints.Add(ReadEndpoint(ref reader));
        }

        return endpoints.ToEquatableArray();
    }

    private static Endpoint ReadEndpoint(ref FieldReader reader)
    {
        EquatableArray<string> addresses = default;
        var conditions = default(EndpointConditions);
        string? pod = null, node = null, zone = null;
        if (reader.EnterObject())
        {
            while (reader.NextField())
            {
                if (reader.Is("addresses"u8))
                    addresses = ReadTexts(ref reader);
                else if (reader.Is("conditions"u8))
                    conditions.Read(ref reader);
                else if (reader.Is("targetRef"u8))
                    pod = ReadPodName(ref reader);
                else if (reader.Is("nodeName"u8))
                    node = reader.SharedText();
                else if (reader.Is("zone"u8))
                    zone = reader.SharedText();
                else
                    reader.Skip();
            }
        }

        return new Endpoint(addresses, conditions.Ready, conditions.Serving, conditions.Terminating)
        {
            PodName = pod,
            NodeName = node,
            Zone = zone,
        };
    }

    private static EquatableArray<string> ReadTexts(ref FieldReader reader)
    {
        var texts = default(ItemBuffer<string>);
        if (reader.EnterArray())
        {
            while (reader.NextItem())
            {
                if (reader.SharedText() is { } text)
                    texts.Add(text);
            }
        }

        return texts.ToEquatableArray();
    }

    private static string? ReadPodName(ref FieldReader reader)
    {
        string? name = null;
        var isPod = false;
        if (!reader.EnterObject())
            return null;
        while (reader.NextField())
        {
            if (reader.Is("name"u8))
                name = reader.SharedText();
            else if (reader.Is("kind"u8))
                isPod = string.Equals(reader.SharedText(), "Pod", StringComparison.Ordinal);
            else
                reader.Skip();
        }

        return isPod ? name : null;
    }

    /// <summary>discovery/v1: ready unknown is true, serving unknown is ready, terminating unknown is false.</summary>
    private struct EndpointConditions
    {
        private bool? _ready;
        private bool? _serving;
        private bool? _terminating;

        public readonly bool Ready => _ready ?? true;

        public readonly bool Serving => _serving ?? Ready;

        public readonly bool Terminating => _terminating ?? false;

        public void Read(ref FieldReader reader)
        {
            if (!reader.EnterObject())
                return;
            while (reader.NextField())
            {
                if (reader.Is("ready"u8))
                    _ready = reader.Boolean();
                else if (reader.Is("serving"u8))
                    _serving = reader.Boolean();
                else if (reader.Is("terminating"u8))
                    _terminating = reader.Boolean();
                else
                    reader.Skip();
            }
        }
    }
}
