using MultiCluster.Federation.Ingresses;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Tests.Support;

/// <summary>Objects for tests: namespace web, members aws and gcp, ours unless said.</summary>
internal static class Make
{
    public static readonly MemberName Aws = new("aws");
    public static readonly MemberName Gcp = new("gcp");
    public static readonly ObjectKey Shop = Key("shop");
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    public static ObjectKey Key(string name) => new("web", name);

    public static DateTimeOffset Day(int day) => new(2026, 1, day, 0, 0, 0, TimeSpan.Zero);

    public static ObjectMeta Meta(ObjectKey key, int day = 1) => new(key) { CreationTimestamp = Day(day) };

    public static IngressBackend To(string service, int port = 80) => new(service, null, port);

    public static IngressPath Path(string? path, string service, string? type = "Prefix") => new(path, type, To(service));

    public static IngressRule Rule(string? host, params IngressPath[] paths) => new(host, paths.ToEquatableArray());

    public static IngressResource Ingress(params IngressRule[] rules) => new(Meta(Shop)) { Rules = rules.ToEquatableArray() };

    public static IngressResource CreatedOn(this IngressResource ingress, int day) =>
        ingress with { Meta = ingress.Meta with { CreationTimestamp = Day(day) } };

    public static IngressResource Named(this IngressResource ingress, string name) =>
        ingress with { Meta = ingress.Meta with { Key = Key(name) } };

    public static ServicePort Port(int number, string name = "", string protocol = "TCP", string? target = null) =>
        new(name, number, protocol, target, null);

    public static ServiceResource Service(string name, params ServicePort[] ports) =>
        new(Meta(Key(name))) { Ports = ports.Length == 0 ? [Port(80)] : ports.ToEquatableArray() };

    /// <summary>As it is read from a member.</summary>
    public static DataSecretResource Secret(string name, params (string Key, string Value)[] data) => new(Meta(Key(name)))
    {
        Type = "Opaque",
        Data = data.OrderBy(static item => item.Key, StringComparer.Ordinal).Select(static item => new SecretEntry(item.Key, Model.Security.Secret.FromText(item.Value))).ToEquatableArray(),
    };

    /// <summary>Every Service that the Ingress names exists, with port 80, unless given.</summary>
    public static IngressCopy CopyIn(this IngressResource ingress, MemberName member, params Resource[] objects)
    {
        var services = objects.OfType<ServiceResource>().ToList();
        if (services.Count == 0)
            services.AddRange(ServicesOf(ingress).Select(static name => Service(name)));
        return new IngressCopy(
            member, ingress, ClassVerdict.Ours, objects.OfType<TlsSecretResource>().ToEquatableArray(), services.ToEquatableArray())
        {
            AnnotationSecrets = objects.OfType<DataSecretResource>().ToEquatableArray(),
        };
    }

    public static Fragment.Ingress Merge(params IngressCopy[] copies) => IngressFederation.Merge(copies[0].Ingress.Key, copies, Now)!;

    public static Fragment.Ingress MergeOne(IngressResource ingress, params Resource[] objects) => Merge(ingress.CopyIn(Aws, objects));

    public static Condition? ConditionOf(this Fragment.Ingress fragment, ConditionType type, MemberName? member = null) =>
        fragment.Conditions.SingleOrDefault(item => item.Member == (member ?? Aws) && item.Condition.Type == type)?.Condition;

    public static Endpoint Ready(string address, string? pod = null) =>
        new([address], Ready: true, Serving: true, Terminating: false) { PodName = pod };

    public static Endpoint Terminating(string address, bool serving) =>
        new([address], Ready: false, Serving: serving, Terminating: true);

    public static EndpointSliceResource Slice(string name, string service, params Endpoint[] endpoints) =>
        new(Meta(Key(name)) with { Labels = EquatableMap.From([new(EndpointSliceResource.ServiceNameLabel, service)]) })
        {
            Ports = [new EndpointPort("", 8080, "TCP", null)],
            Endpoints = endpoints.ToEquatableArray(),
        };

    public static ServiceCopy Copy(MemberName member, ServiceResource? service, params EndpointSliceResource[] slices) =>
        new(member, service, slices.ToEquatableArray());

    private static IEnumerable<string> ServicesOf(IngressResource ingress) => ingress.Rules
        .SelectMany(static rule => rule.Paths).Select(static path => path.Backend).Append(ingress.DefaultBackend)
        .Select(static backend => backend?.ServiceName).OfType<string>().Where(static name => name.Length > 0).Distinct(StringComparer.Ordinal);
}
