using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Controller.Tests.Support;

/// <summary>Objects of namespace web; every Service has port 80, every path is "/".</summary>
internal static class Make
{
    public static readonly MemberName Aws = new("aws");
    public static readonly MemberName Gcp = new("gcp");

    public static ObjectKey Key(string name) => new("web", name);

    /// <param name="day">Of January 2025: the older of two wins.</param>
    public static ObjectMeta Meta(string name, int day = 1) =>
        new(Key(name)) { CreationTimestamp = new DateTimeOffset(2025, 1, day, 0, 0, 0, TimeSpan.Zero) };

    public static IngressResource Ingress(string name, string host, string service, int day = 1, string? ingressClass = null) => new(Meta(name, day))
    {
        ClassName = ingressClass,
        Rules = [new IngressRule(host, [new IngressPath("/", "Prefix", new IngressBackend(service, null, 80))])],
    };

    public static IngressClassResource Class(string name) =>
        new(new ObjectMeta(new ObjectKey("", name))) { Controller = Federation.Members.ClassOptions.DefaultControllerName };

    public static ServiceResource Service(string name) => new(Meta(name)) { Ports = [new ServicePort("", 80, "TCP", null, null)] };

    public static ServiceResource ExternalService(string name, string target) => Service(name) with { Type = "ExternalName", ExternalName = target };

    public static EndpointSliceResource Slice(string service, params string[] addresses) =>
        new(Meta($"{service}-1") with { Labels = EquatableMap.From([new(EndpointSliceResource.ServiceNameLabel, service)]) })
        {
            Ports = [new EndpointPort("", 8080, "TCP", null)],
            Endpoints = addresses.Select(static address => new Endpoint([address], Ready: true, Serving: true, Terminating: false)).ToEquatableArray(),
        };

    public static IngressCopy Copy(MemberName member, IngressResource ingress) => new(member, ingress, ClassVerdict.Ours, [], []);

    public static ServiceCopy Copy(MemberName member, string service, params string[] addresses) =>
        new(member, Service(service), addresses.Length == 0 ? [] : [Slice(service, addresses)]);
}
