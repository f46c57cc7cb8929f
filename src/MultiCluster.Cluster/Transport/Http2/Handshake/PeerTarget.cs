namespace MultiCluster.Cluster.Transport.Http2.Handshake;

/// <summary>Whom to dial.</summary>
/// <param name="Address"><c>host:port</c> or <c>unix:/path</c>.</param>
/// <param name="Name">Null: whoever of that role answers.</param>
public sealed record PeerTarget(string Address, PeerRole Role = PeerRole.Node, string? Name = null)
{
    public override string ToString() => Name is null ? Address : $"'{Name}' at {Address}";
}
