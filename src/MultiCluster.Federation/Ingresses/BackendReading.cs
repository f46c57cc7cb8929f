using MultiCluster.Federation.Text;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Ingresses;

/// <summary>The backend of an Ingress path: its shape, and whether the member has what it names.</summary>
internal static class BackendReading
{
    /// <summary>The Service port it names, or what is wrong with the field.</summary>
    public static (BackendRef? Ref, Problem? Problem) Parse(IngressBackend? backend, string ns, string field)
    {
        if (backend is null)
            return (null, new Problem(Reasons.InvalidBackend, field, "is missing; name a service and its port"));
        if (backend.Resource is not null)
            return (null, new Problem(
                Reasons.UnsupportedBackend, $"{field}.resource", $"{Shown.Quoted(backend.Resource)} is not supported; name a service"));
        if (!DnsNames.IsLabel(backend.ServiceName))
            return (null, new Problem(
                Reasons.InvalidBackend, $"{field}.service.name", $"{Shown.Quoted(backend.ServiceName ?? "")} is no Service name; write a DNS label"));
        var (port, problem) = ParsePort(backend, $"{field}.service.port");
        return port is { } good ? (new BackendRef(new ObjectKey(ns, backend.ServiceName!), good), null) : (null, problem);
    }

    /// <summary>What the member lacks for it; null when it resolves.</summary>
    public static Problem? Resolve(BackendRef backend, Dictionary<ObjectKey, ServiceResource> services, MemberName member, string field)
    {
        if (!services.TryGetValue(backend.Service, out var service))
            return new Problem(
                Reasons.ServiceNotFound, $"{field}.service.name", $"names Service {backend.Service}, which {member} does not have; create it there");
        if (service.IsExternalName && service.Ports.IsEmpty && backend.Port.Name is null)
            return null;
        if (PortOf(backend, services) is not null)
            return null;
        return new Problem(
            Reasons.ServicePortNotFound,
            $"{field}.service.port",
            $"names port {backend.Port} of Service {backend.Service}, which has no such TCP port in {member}; add it or name one of its ports");
    }

    /// <summary>Null when the member has no such Service, or the Service no such TCP port.</summary>
    public static ServicePort? PortOf(BackendRef backend, Dictionary<ObjectKey, ServiceResource> services)
    {
        if (!services.TryGetValue(backend.Service, out var service))
            return null;
        foreach (var port in service.Ports)
        {
            var isMeant = backend.Port.Name is { } name ? string.Equals(port.Name, name, StringComparison.Ordinal) : port.Number == backend.Port.Number;
            if (isMeant && Backends.Protocols.IsTcp(port.Protocol))
                return port;
        }

        return null;
    }

    private static (PortRef? Port, Problem? Problem) ParsePort(IngressBackend backend, string field)
    {
        var named = !string.IsNullOrEmpty(backend.PortName);
        var numbered = backend.PortNumber is not (null or 0);
        if (named == numbered)
            return (null, new Problem(
                Reasons.InvalidBackend, field, named ? "has a name and a number; keep one of them" : "is missing; write its name or its number"));
        if (named)
            return DnsNames.IsLabel(backend.PortName)
                ? (PortRef.Named(backend.PortName!), null)
                : (null, new Problem(Reasons.InvalidBackend, $"{field}.name", $"{Shown.Quoted(backend.PortName!)} is no port name; write a DNS label"));
        return backend.PortNumber is >= 1 and <= 65535
            ? (PortRef.Numbered(backend.PortNumber.Value), null)
            : (null, new Problem(Reasons.InvalidBackend, $"{field}.number", $"{backend.PortNumber} is no port; write 1 to 65535"));
    }
}
