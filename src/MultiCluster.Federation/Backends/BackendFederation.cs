using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Backends;

/// <summary>The copies of one Service in all members as one backend. Total: what can't be used is left out and said.</summary>
public static class BackendFederation
{
    /// <summary>Null when no member has the Service.</summary>
    public static Fragment.Backend? Merge(
        ObjectKey key, IReadOnlyCollection<ServiceCopy> copies, ExternalNameResolution resolution, EndpointOptions? options = null)
    {
        var members = new List<MemberBackend>(copies.Count);
        var conditions = new List<CopyCondition>();
        foreach (var copy in copies.OrderBy(static copy => copy.Member))
        {
            if (copy.Service is not { } service)
                continue;
            var ports = PortsOf(copy, service, resolution, options ?? EndpointOptions.Default);
            if (ports.Condition is { } condition)
                conditions.Add(condition);
            members.Add(ports.Backend);
        }

        return members.Count == 0
            ? null
            : new Fragment.Backend(key, members.ToEquatableArray()) { Conditions = conditions.ToEquatableArray() };
    }

    /// <summary>
    /// The names that the copies need resolved, of ExternalName Services and of load balancers: lower case, without a trailing dot, sorted,
    /// each once.
    /// </summary>
    public static IReadOnlyList<string> ExternalNames(IReadOnlyCollection<ServiceCopy> copies) =>
        !copies.Any(NeedsNames) ? [] :
    [
        .. copies.Where(NeedsNames).SelectMany(NamesOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    private static bool NeedsNames(ServiceCopy copy) => copy.Service is { } service && (service.IsExternalName || IsBehindLoadBalancer(copy, service));

    private static bool IsBehindLoadBalancer(ServiceCopy copy, ServiceResource service) =>
        !service.IsExternalName && ServiceReach.Of(copy.Access.Mode, service) == EndpointMode.LoadBalancer;

    private static IEnumerable<string> NamesOf(ServiceCopy copy) => copy.Service!.IsExternalName
        ? ((string?[])[NameOf(copy.Service.ExternalName)]).OfType<string>()
        : copy.Service.LoadBalancerAddresses.Select(NameOf).OfType<string>();

    private static MemberPorts PortsOf(ServiceCopy copy, ServiceResource service, ExternalNameResolution resolution, EndpointOptions options)
    {
        var ports = new MemberPorts(copy, service, options);
        if (service.DecodeError is not null)
            ports.AddProblem($"can't be read fully ({Shown.Quoted(service.DecodeError)}); correct the manifest");
        if (!service.IsExternalName)
            AddReached(ports, copy, service, resolution);
        else if (NameOf(service.ExternalName) is { } name)
            ports.AddExternal(resolution.Find(name));
        else
            ports.AddProblem($"spec.externalName {Shown.Quoted(service.ExternalName ?? "")} is no DNS name; write one such as db.example.com");
        return ports;
    }

    private static void AddReached(MemberPorts ports, ServiceCopy copy, ServiceResource service, ExternalNameResolution resolution)
    {
        switch (ServiceReach.Of(copy.Access.Mode, service))
        {
            case EndpointMode.NodePort:
                ports.AddFromNodes();
                break;
            case EndpointMode.LoadBalancer:
                ports.AddFromLoadBalancer(service.LoadBalancerAddresses.SelectMany(address =>
                    NameOf(address) is { } name ? (IEnumerable<string>)resolution.Find(name) : [address]));
                break;
            default:
                ports.AddFromSlices();
                break;
        }
    }

    /// <summary>Null when it is an address, or no name at all.</summary>
    private static string? NameOf(string? written)
    {
        var name = written is not null ? HostNames.Lower(written) : null;
        if (name is { Length: > 1 } && name[^1] == '.')
            name = name[..^1];
        return DnsNames.IsSubdomain(name) && !IpText.IsIPv4(name!) ? name : null;
    }
}
