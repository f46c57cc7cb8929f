using Google.Protobuf.Collections;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire.Reading;

internal sealed partial class WireReader
{
    public IngressCopy Read(P.IngressCopy copy) => new(
        new MemberName(copy.Member),
        Read(copy.Ingress),
        Enumerator<ClassVerdict>((int)copy.Class),
        EachThere(copy.Secrets, Read),
        Each(copy.Services, Read));

    public ServiceCopy Read(P.ServiceCopy copy) => new(
        new MemberName(copy.Member),
        copy.Service is null ? null : Read(copy.Service),
        Each(copy.Slices, Read));

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
            ? new TlsSecretResource(Read(secret.Meta)) { DecodeError = DecodeError(secret.Meta), CertificatePem = certificate, PrivateKeyPem = key }
            : null;

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
            port.HasAppProtocol ? port.AppProtocol : null)),
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
