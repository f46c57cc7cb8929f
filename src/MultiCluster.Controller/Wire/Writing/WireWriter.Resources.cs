using Google.Protobuf.Collections;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Resources;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire.Writing;

internal sealed partial class WireWriter
{
    private static P.IngressResource Write(IngressResource ingress)
    {
        var wire = new P.IngressResource
        {
            Meta = Write(ingress.Meta, ingress.DecodeError),
            DefaultBackend = ingress.DefaultBackend is { } backend ? Write(backend) : null,
        };
        if (ingress.ClassName is { } name)
            wire.ClassName = name;
        foreach (var rule in ingress.Rules)
            wire.Rules.Add(Write(rule));
        foreach (var tls in ingress.Tls)
            wire.Tls.Add(Write(tls));
        wire.StatusAddresses.AddRange(ingress.StatusAddresses);
        return wire;
    }

    private static P.IngressRule Write(IngressRule rule)
    {
        var wire = new P.IngressRule();
        if (rule.Host is { } host)
            wire.Host = host;
        foreach (var path in rule.Paths)
            wire.Paths.Add(Write(path));
        return wire;
    }

    private static P.IngressPath Write(IngressPath path)
    {
        var wire = new P.IngressPath { Backend = path.Backend is { } backend ? Write(backend) : null };
        if (path.Path is { } text)
            wire.Path = text;
        if (path.PathType is { } type)
            wire.PathType = type;
        return wire;
    }

    private static P.IngressBackend Write(IngressBackend backend)
    {
        var wire = new P.IngressBackend();
        if (backend.ServiceName is { } service)
            wire.ServiceName = service;
        if (backend.PortName is { } port)
            wire.PortName = port;
        if (backend.PortNumber is { } number)
            wire.PortNumber = number;
        if (backend.Resource is { } resource)
            wire.Resource = resource;
        return wire;
    }

    private static P.IngressTls Write(IngressTls tls)
    {
        var wire = new P.IngressTls();
        wire.Hosts.AddRange(tls.Hosts);
        if (tls.SecretName is { } name)
            wire.SecretName = name;
        return wire;
    }

    private P.TlsSecretResource Write(TlsSecretResource secret)
    {
        var wire = new P.TlsSecretResource
        {
            Meta = Write(secret.Meta, secret.DecodeError),
            CertificatePem = Place(secret.CertificatePem),
            PrivateKeyPem = Place(secret.PrivateKeyPem),
        };
        foreach (var pair in secret.Further)
            wire.Further.Add(new P.TlsPair { Name = pair.Name, CertificatePem = Place(pair.CertificatePem), PrivateKeyPem = Place(pair.PrivateKeyPem) });
        return wire;
    }

    private P.DataSecretResource Write(DataSecretResource secret)
    {
        var wire = new P.DataSecretResource { Meta = Write(secret.Meta, secret.DecodeError), Type = secret.Type };
        foreach (var (key, value) in secret.Data)
            wire.Data.Add(new P.SecretEntry { Key = key, Value = Place(value) });
        return wire;
    }

    private static P.ServiceResource Write(ServiceResource service)
    {
        var wire = new P.ServiceResource { Meta = Write(service.Meta, service.DecodeError), Type = service.Type };
        if (service.ExternalName is { } name)
            wire.ExternalName = name;
        foreach (var port in service.Ports)
            wire.Ports.Add(Write(port));
        wire.ClusterAddresses.AddRange(service.ClusterAddresses);
        wire.LoadBalancerAddresses.AddRange(service.LoadBalancerAddresses);
        wire.ExternalTrafficLocal = service.IsExternalTrafficLocal;
        return wire;
    }

    private static P.ServicePort Write(ServicePort port)
    {
        var wire = new P.ServicePort { Name = port.Name, Number = port.Number, Protocol = port.Protocol };
        if (port.TargetPort is { } target)
            wire.TargetPort = target;
        if (port.AppProtocol is { } protocol)
            wire.AppProtocol = protocol;
        if (port.NodePort is { } node)
            wire.NodePort = node;
        return wire;
    }

    private static P.NodeResource Write(NodeResource node)
    {
        var wire = new P.NodeResource { Meta = Write(node.Meta, node.DecodeError), TakesTraffic = node.TakesTraffic };
        wire.Addresses.AddRange(node.Addresses);
        return wire;
    }

    private static P.EndpointSliceResource Write(EndpointSliceResource slice)
    {
        var wire = new P.EndpointSliceResource { Meta = Write(slice.Meta, slice.DecodeError), AddressType = slice.AddressType };
        foreach (var port in slice.Ports)
            wire.Ports.Add(Write(port));
        foreach (var endpoint in slice.Endpoints)
            wire.Endpoints.Add(Write(endpoint));
        return wire;
    }

    private static P.EndpointPort Write(EndpointPort port)
    {
        var wire = new P.EndpointPort { Name = port.Name, Protocol = port.Protocol };
        if (port.Number is { } number)
            wire.Number = number;
        if (port.AppProtocol is { } protocol)
            wire.AppProtocol = protocol;
        return wire;
    }

    private static P.Endpoint Write(Endpoint endpoint)
    {
        var wire = new P.Endpoint { Ready = endpoint.Ready, Serving = endpoint.Serving, Terminating = endpoint.Terminating };
        wire.Addresses.AddRange(endpoint.Addresses);
        if (endpoint.PodName is { } pod)
            wire.PodName = pod;
        if (endpoint.NodeName is { } node)
            wire.NodeName = node;
        if (endpoint.Zone is { } zone)
            wire.Zone = zone;
        AddTo(wire.PodLabels, endpoint.PodLabels);
        return wire;
    }

    private static P.ObjectMeta Write(ObjectMeta meta, string? decodeError)
    {
        var wire = new P.ObjectMeta
        {
            Key = Write(meta.Key),
            Uid = meta.Uid,
            ResourceVersion = meta.ResourceVersion,
            Generation = meta.Generation,
        };
        if (meta.CreationTimestamp is { } created)
            wire.Created = Ticks(created);
        AddTo(wire.Labels, meta.Labels);
        AddTo(wire.Annotations, meta.Annotations);
        if (decodeError is not null)
            wire.DecodeError = decodeError;
        return wire;
    }

    private static void AddTo(RepeatedField<P.Pair> field, EquatableMap map)
    {
        foreach (var (key, value) in map)
            field.Add(new P.Pair { Key = key, Value = value });
    }
}
