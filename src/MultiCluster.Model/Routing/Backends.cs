using System.Globalization;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Model.Routing;

/// <summary>A Service's port by name, or by number when <see cref="Name"/> is null.</summary>
public readonly record struct PortRef(string? Name, int Number)
{
    public static PortRef Named(string name) => new(name, 0);

    public static PortRef Numbered(int number) => new(null, number);

    public override string ToString() => Name ?? Number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The Service port that an Ingress path sends to.</summary>
public readonly record struct BackendRef(ObjectKey Service, PortRef Port)
{
    public override string ToString() => $"{Service}:{Port}";
}

/// <summary>
/// Identity of an HAProxy backend: a Service port as seen by the members that declare the path. Two paths declared by
/// different members need different server sets.
/// </summary>
/// <param name="Members">Sorted.</param>
public sealed record BackendKey(BackendRef Ref, EquatableArray<MemberName> Members)
{
    public override string ToString() => $"{Ref}@{string.Join(',', Members)}";
}

/// <summary>One address that serves a port.</summary>
/// <param name="Address">An IP address in canonical text.</param>
/// <param name="Pod">Pod name; empty when the endpoint is none.</param>
public sealed record BackendEndpoint(string Address, int Port, string Pod, string Node, string Zone)
{
    /// <summary>Of the pod, those that are read.</summary>
    public EquatableMap Labels { get; init; } = EquatableMap.Empty;
}

/// <summary>Endpoints of one zone that are not ready, and do not terminate.</summary>
/// <param name="Zone">Empty where nobody said.</param>
public readonly record struct UnreadyEndpoints(string Zone, int Count);

/// <summary>A Service's port in one member with the endpoints that take traffic now.</summary>
/// <param name="Name">Empty for an unnamed port.</param>
/// <param name="Number"><see cref="AnyNumber"/> for an ExternalName Service without ports; its endpoints then have port 0.</param>
public sealed record BackendPort(string Name, int Number, string AppProtocol, EquatableArray<BackendEndpoint> Endpoints)
{
    public const int AnyNumber = 0;

    /// <summary>
    /// Endpoints that might take traffic and do not: with them, those that do are less than all. Sorted by zone, since places count apart; of
    /// members that are reached by their pods.
    /// </summary>
    public EquatableArray<UnreadyEndpoints> Unready { get; init; } = [];

    /// <summary>
    /// The Service's own addresses, where proxies reach them: what chooses among pods is the member's network. Empty while no pod takes traffic,
    /// so that a member without pods gets none.
    /// </summary>
    public EquatableArray<BackendEndpoint> OfService { get; init; } = [];

    /// <summary>This port as it stands for <paramref name="number"/>, which a path names and the Service doesn't declare.</summary>
    internal BackendPort As(int number) => this with
    {
        Number = number,
        Endpoints = Endpoints.Select(endpoint => endpoint with { Port = number }).ToEquatableArray(),
    };
}

/// <summary>One member's part of a federated backend.</summary>
public sealed record MemberBackend(MemberName Member, EquatableArray<BackendPort> Ports)
{
    public EndpointTransport Transport { get; init; }

    /// <summary>
    /// The port that <paramref name="port"/> names: by name, then by number (KEP-1645's order of identity). An ExternalName
    /// Service without ports answers to every number.
    /// </summary>
    public BackendPort? Find(PortRef port)
    {
        BackendPort? any = null;
        foreach (var candidate in Ports)
        {
            if (Matches(candidate, port))
                return candidate;
            if (candidate.Number == BackendPort.AnyNumber)
                any = candidate;
        }

        return port.Name is null && port.Number != BackendPort.AnyNumber ? any?.As(port.Number) : null;
    }

    private static bool Matches(BackendPort candidate, PortRef port) => port.Name is null
        ? candidate.Number == port.Number && port.Number != BackendPort.AnyNumber
        : string.Equals(candidate.Name, port.Name, StringComparison.Ordinal);
}
