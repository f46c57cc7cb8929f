using System.Globalization;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Traffic;

namespace MultiCluster.HAProxy.Data;

/// <summary>A server that a backend should hold.</summary>
/// <param name="Name">Tells all of the rest but <see cref="IsDraining"/>.</param>
/// <param name="Address">Canonical IP address.</param>
public readonly record struct ServerSpec(string Name, string Address, int Port)
{
    public EndpointTransport Transport { get; init; }

    /// <summary>Of its place.</summary>
    public BackendProfile Profile { get; init; }

    /// <summary>Of its place.</summary>
    public PlaceVariant? Variant { get; init; }

    /// <summary>See <see cref="ServerNumbers"/>; 0 where HAProxy may give any.</summary>
    public int Number { get; init; }

    /// <summary>HAProxy itself tries whether it answers.</summary>
    public bool IsChecked { get; init; }

    /// <summary>An agent says how it is: HAProxy drains it, puts it into maintenance and weighs it by that.</summary>
    public bool HasAgent => IsChecked && Variant?.AgentPort is not null;

    /// <summary>Name that a check by TLS asks for and must find in the certificate; empty: checks do without TLS.</summary>
    public string CheckName { get; init; } = "";

    /// <summary>It finishes what it has.</summary>
    public bool IsDraining { get; init; }

    /// <summary>As <c>add server</c> and the <c>server</c> line take it; HAProxy wants brackets round IPv6 when a port follows.</summary>
    public string Endpoint => Address.Contains(':', StringComparison.Ordinal)
        ? string.Create(CultureInfo.InvariantCulture, $"[{Address}]:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"{Address}:{Port}");
}
