using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

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

    /// <summary>The names that the copies need resolved: lower case, without a trailing dot, sorted, each once.</summary>
    public static IReadOnlyList<string> ExternalNames(IReadOnlyCollection<ServiceCopy> copies) =>
        !copies.Any(static copy => copy.Service is { IsExternalName: true }) ? [] :
    [
        .. copies.Select(static copy => copy.Service)
            .Where(static service => service is { IsExternalName: true })
            .Select(static service => ExternalNameOf(service!))
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];

    private static MemberPorts PortsOf(ServiceCopy copy, ServiceResource service, ExternalNameResolution resolution, EndpointOptions options)
    {
        var ports = new MemberPorts(copy.Member, service, options);
        if (service.DecodeError is not null)
            ports.AddProblem($"can't be read fully ({Shown.Quoted(service.DecodeError)}); correct the manifest");
        if (!service.IsExternalName)
            ports.AddFromSlices(copy.Slices);
        else if (ExternalNameOf(service) is { } name)
            ports.AddExternal(resolution.Find(name));
        else
            ports.AddProblem($"spec.externalName {Shown.Quoted(service.ExternalName ?? "")} is no DNS name; write one such as db.example.com");
        return ports;
    }

    private static string? ExternalNameOf(ServiceResource service)
    {
        var name = service.ExternalName is { } written ? HostNames.Lower(written) : null;
        if (name is { Length: > 1 } && name[^1] == '.')
            name = name[..^1];
        return DnsNames.IsSubdomain(name) && !IpText.IsIPv4(name!) ? name : null;
    }
}
