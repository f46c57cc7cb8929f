namespace MultiCluster.Model.Traffic;

/// <summary>What of a member's Service is sent to.</summary>
public enum EndpointMode
{
    /// <summary>As the Service's type says: the address of its load balancer, its port on nodes, or its pods.</summary>
    Auto,

    /// <summary>Pods; the proxies can reach the member's pod network.</summary>
    PodIP,

    /// <summary>The Service's port on the member's nodes.</summary>
    NodePort,

    /// <summary>The address that the Service's load balancer has.</summary>
    LoadBalancer,
}

/// <summary>How a proxy speaks to a member's endpoints.</summary>
/// <param name="Tls">HTTPS.</param>
/// <param name="VerifyTls">The endpoint's certificate must chain to the proxy's roots and bear the request's host.</param>
/// <param name="ProxyProtocol">A header of PROXY protocol version 2 tells the client's address.</param>
public readonly record struct EndpointTransport(bool Tls = false, bool VerifyTls = false, bool ProxyProtocol = false);

/// <summary>A member's way of being reached, the same for all its Services.</summary>
public sealed record EndpointAccess(EndpointMode Mode, EndpointTransport Transport)
{
    public static readonly EndpointAccess Default = new(EndpointMode.PodIP, default);

    /// <summary>Proxies reach the addresses that Services themselves have within the cluster.</summary>
    public bool HasServiceAddresses { get; init; }
}
