using Google.Protobuf.Collections;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire.Reading;

internal sealed partial class WireReader
{
    private IngressResource Read(P.IngressResource? ingress) => ingress is null
        ? Fail("an ingress is missing", new IngressResource(new ObjectMeta(default(ObjectKey))))
        : new IngressResource(Read(ingress.Meta))
        {
            DecodeError = DecodeError(ingress.Meta),
            ClassName = ingress.HasClassName ? ingress.ClassName : null,
            DefaultBackend = Read(ingress.DefaultBackend),
            Rules = Each(ingress.Rules, Read),
            Tls = Each(ingress.Tls, static tls => new IngressTls(Strings(tls.Hosts), tls.HasSecretName ? tls.SecretName : null)),
            StatusAddresses = Strings(ingress.StatusAddresses),
        };

    private static IngressRule Read(P.IngressRule rule) => new(rule.HasHost ? rule.Host : null, Each(rule.Paths, Read));

    private static IngressPath Read(P.IngressPath path) => new(
        path.HasPath ? path.Path : null, path.HasPathType ? path.PathType : null, Read(path.Backend));

    private static IngressBackend? Read(P.IngressBackend? backend) => backend is null ? null : new(
        backend.HasServiceName ? backend.ServiceName : null,
        backend.HasPortName ? backend.PortName : null,
        backend.HasPortNumber ? backend.PortNumber : null,
        backend.HasResource ? backend.Resource : null);

    private TlsSecretResource? Read(P.TlsSecretResource secret) =>
        Secret(secret.CertificatePem) is { } certificate && Secret(secret.PrivateKeyPem) is { } key
            ? new TlsSecretResource(Read(secret.Meta))
            {
                DecodeError = DecodeError(secret.Meta), CertificatePem = certificate, PrivateKeyPem = key, Further = EachThere(secret.Further, Read),
            }
            : null;

    private TlsPair? Read(P.TlsPair pair) =>
        Secret(pair.CertificatePem) is { } certificate && Secret(pair.PrivateKeyPem) is { } key ? new TlsPair(pair.Name, certificate, key) : null;

    private DataSecretResource? Read(P.DataSecretResource secret)
    {
        var data = new SecretEntry[secret.Data.Count];
        for (var i = 0; i < data.Length; i++)
        {
            if (Secret(secret.Data[i].Value) is not { } value)
                return null;
            data[i] = new SecretEntry(secret.Data[i].Key, value);
        }

        return new DataSecretResource(Read(secret.Meta)) { DecodeError = DecodeError(secret.Meta), Type = secret.Type, Data = EquatableArray.Of(data) };
    }

    private ServiceResource Read(P.ServiceResource service) => new(Read(service.Meta))
    {
        DecodeError = DecodeError(service.Meta),
        Type = service.Type,
        ExternalName = service.HasExternalName ? service.ExternalName : null,
        Ports = Each(service.Ports, static port => new ServicePort(
            port.Name,
            port.Number,
            port.Protocol,
            port.HasTargetPort ? port.TargetPort : null,
            port.HasAppProtocol ? port.AppProtocol : null) { NodePort = port.HasNodePort ? port.NodePort : null }),
        ClusterAddresses = Strings(service.ClusterAddresses),
        LoadBalancerAddresses = Strings(service.LoadBalancerAddresses),
        IsExternalTrafficLocal = service.ExternalTrafficLocal,
    };

    private NodeResource Read(P.NodeResource node) => new(Read(node.Meta))
    {
        DecodeError = DecodeError(node.Meta),
        TakesTraffic = node.TakesTraffic,
        Addresses = Strings(node.Addresses),
    };

    private EndpointSliceResource Read(P.EndpointSliceResource slice) => new(Read(slice.Meta))
    {
        DecodeError = DecodeError(slice.Meta),
        AddressType = slice.AddressType,
        Ports = Each(slice.Ports, static port => new EndpointPort(
            port.Name, port.HasNumber ? port.Number : null, port.Protocol, port.HasAppProtocol ? port.AppProtocol : null)),
        Endpoints = Each(slice.Endpoints, Read),
    };

    private static Endpoint Read(P.Endpoint endpoint) => new(Strings(endpoint.Addresses), endpoint.Ready, endpoint.Serving, endpoint.Terminating)
    {
        PodName = endpoint.HasPodName ? endpoint.PodName : null,
        NodeName = endpoint.HasNodeName ? endpoint.NodeName : null,
        Zone = endpoint.HasZone ? endpoint.Zone : null,
        PodLabels = Map(endpoint.PodLabels),
    };

    private ObjectMeta Read(P.ObjectMeta? meta) => meta is null
        ? Fail("metadata are missing", new ObjectMeta(default(ObjectKey)))
        : new ObjectMeta(Read(meta.Key))
        {
            Uid = meta.Uid,
            ResourceVersion = meta.ResourceVersion,
            Generation = meta.Generation,
            CreationTimestamp = meta.HasCreated ? Instant(meta.Created) : null,
            Labels = Map(meta.Labels),
            Annotations = Map(meta.Annotations),
        };

    private static string? DecodeError(P.ObjectMeta? meta) => meta is { HasDecodeError: true } ? meta.DecodeError : null;

    private static EquatableMap Map(RepeatedField<P.Pair> pairs)
    {
        var items = new KeyValuePair<string, string>[pairs.Count];
        for (var i = 0; i < items.Length; i++)
            items[i] = new(pairs[i].Key, pairs[i].Value);
        return EquatableMap.From(items.AsSpan());
    }
}
