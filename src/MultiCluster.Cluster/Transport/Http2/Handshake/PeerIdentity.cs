namespace MultiCluster.Cluster.Transport.Http2.Handshake;

public enum PeerRole
{
    /// <summary>A controller node.</summary>
    Node,

    /// <summary>A proxy's agent.</summary>
    Proxy,
}

/// <summary>Who a process says it is. <see cref="Uri"/> is what its certificate must name.</summary>
public sealed record PeerIdentity(string Cluster, PeerRole Role, string Name, string Incarnation)
{
    /// <summary>As a URI in the certificate's subject alternative names: <c>multicluster://CLUSTER/node/NAME</c> or <c>…/proxy/NAME</c>.</summary>
    public string Uri => UriPrefix(Cluster, Role) + System.Uri.EscapeDataString(Name);

    public override string ToString() => $"{RoleName(Role)} '{Name}'#{Incarnation}";

    internal static string UriPrefix(string cluster, PeerRole role) => $"multicluster://{System.Uri.EscapeDataString(cluster)}/{RoleName(role)}/";

    internal static string RoleName(PeerRole role) => role switch
    {
        PeerRole.Node => "node",
        PeerRole.Proxy => "proxy",
        _ => throw new ArgumentOutOfRangeException(nameof(role)),
    };

    internal static PeerRole? ParseRole(string name) => name switch
    {
        "node" => PeerRole.Node,
        "proxy" => PeerRole.Proxy,
        _ => null,
    };
}

/// <param name="Version">Of the messages, agreed on with this peer.</param>
/// <param name="Address">Where it was reached, or where it came from.</param>
/// <param name="Certificate">Null: without TLS, so nobody vouches for the identity.</param>
public sealed record RemotePeer(PeerIdentity Identity, int Version, string Address, Tls.PeerCertificate? Certificate);
