using MultiCluster.Cluster.Transport.Http2.Tls;
using MultiCluster.Cluster.Transport.Http2.Wire;

namespace MultiCluster.Cluster.Transport.Http2.Handshake;

/// <summary>What each side makes of what the other says first. Pure.</summary>
internal static class HandshakeRules
{
    /// <summary>Of a hello or its answer; nothing that belongs there is larger.</summary>
    public const int MaxBytes = 4096;

    private const int MostShown = 100;

    public static Hello Hello(PeerIdentity self, ProtocolRange versions, string to) => new()
    {
        Cluster = self.Cluster,
        Role = PeerIdentity.RoleName(self.Role),
        Name = self.Name,
        Incarnation = self.Incarnation,
        LowestVersion = (uint)versions.Lowest,
        HighestVersion = (uint)versions.Highest,
        To = to,
    };

    public static HelloReply Welcome(PeerIdentity self, int version) => new()
    {
        Welcome = new Welcome
        {
            Cluster = self.Cluster,
            Role = PeerIdentity.RoleName(self.Role),
            Name = self.Name,
            Incarnation = self.Incarnation,
            Version = (uint)version,
        },
    };

    public static HelloReply Refusal(LinkError error) => new() { Refusal = new Refusal { Code = (uint)error.Code, Reason = error.Text } };

    /// <summary>On the side that was dialled.</summary>
    /// <param name="serves">Roles that may dial.</param>
    /// <param name="certificate">Null: no TLS.</param>
    public static HelloVerdict Judge(Hello hello, PeerIdentity self, ProtocolRange versions, PeerRole serves, PeerCertificate? certificate)
    {
        if (hello.Name.Length is 0 or > MostShown || hello.Incarnation.Length is 0 or > MostShown)
            return HelloVerdict.No(LinkErrorCode.Garbage, "the hello names no node");
        if (hello.Cluster != self.Cluster)
            return HelloVerdict.No(LinkErrorCode.OtherCluster, $"'{hello.Name}' is of cluster '{Shown(hello.Cluster)}', '{self.Name}' of '{self.Cluster}': one of their addresses or cluster names is wrong");
        if (PeerIdentity.ParseRole(hello.Role) != serves)
            return HelloVerdict.No(LinkErrorCode.Role, $"'{hello.Name}' is a {Shown(hello.Role)}, but only a {PeerIdentity.RoleName(serves)} may open this stream");
        var peer = new PeerIdentity(hello.Cluster, serves, hello.Name, hello.Incarnation);
        if (certificate is not null && !certificate.Names(peer))
            return HelloVerdict.No(WrongName(certificate, peer));
        var theirs = new ProtocolRange((int)Math.Min(hello.LowestVersion, int.MaxValue), (int)Math.Min(hello.HighestVersion, int.MaxValue));
        if (versions.Agree(theirs) is not { } version)
            return HelloVerdict.No(LinkErrorCode.ProtocolVersion, $"'{peer.Name}' speaks protocol {theirs}, '{self.Name}' {versions}: upgrade one release at a time");
        if (hello.To.Length > 0 && hello.To != self.Name)
            return HelloVerdict.No(LinkErrorCode.OtherNode, $"'{self.Name}' answers at the address of '{Shown(hello.To)}': two nodes share an address or a name was changed");
        return peer.Role == self.Role && peer.Name == self.Name
            ? HelloVerdict.No(LinkErrorCode.NameInUse, $"the name '{self.Name}' is in use by this node: give each node its own")
            : new HelloVerdict(peer, version, null);
    }

    /// <summary>On the side that dialled.</summary>
    public static HelloVerdict Judge(HelloReply reply, PeerTarget target, string cluster, ProtocolRange versions, PeerCertificate? certificate)
    {
        if (reply.ReplyCase == HelloReply.ReplyOneofCase.Refusal)
            return HelloVerdict.No(Known(reply.Refusal.Code), $"{target} refuses: {reply.Refusal.Reason}");
        if (reply.ReplyCase != HelloReply.ReplyOneofCase.Welcome || reply.Welcome.Name.Length == 0)
            return HelloVerdict.No(LinkErrorCode.Garbage, $"{target} does not answer the hello");
        var welcome = reply.Welcome;
        if (welcome.Cluster != cluster)
            return HelloVerdict.No(LinkErrorCode.OtherCluster, $"{target} is of cluster '{Shown(welcome.Cluster)}', not '{cluster}'");
        if (PeerIdentity.ParseRole(welcome.Role) != target.Role || (target.Name is { } name && welcome.Name != name))
            return HelloVerdict.No(LinkErrorCode.OtherNode, $"{target} is {Shown(welcome.Role)} '{Shown(welcome.Name)}'");
        var peer = new PeerIdentity(cluster, target.Role, welcome.Name, welcome.Incarnation);
        if (certificate is not null && !certificate.Names(peer))
            return HelloVerdict.No(WrongName(certificate, peer));
        var version = (int)Math.Min(welcome.Version, int.MaxValue);
        return version < versions.Lowest || version > versions.Highest
            ? HelloVerdict.No(LinkErrorCode.ProtocolVersion, $"{target} speaks protocol {version}, this process {versions}: upgrade one release at a time")
            : new HelloVerdict(peer, version, null);
    }

    private static LinkError WrongName(PeerCertificate certificate, PeerIdentity peer) =>
        new(LinkErrorCode.Identity, $"the certificate of {peer} ({certificate}) does not name it: add the URI {peer.Uri} to its subject alternative names");

    private static LinkErrorCode Known(uint code) => Enum.IsDefined((LinkErrorCode)(int)Math.Min(code, int.MaxValue)) ? (LinkErrorCode)code : LinkErrorCode.Refused;

    private static string Shown(string text) => text.Length <= MostShown ? text : text[..MostShown] + "…";
}

/// <param name="Peer">Null if there is an error.</param>
internal sealed record HelloVerdict(PeerIdentity? Peer, int Version, LinkError? Error)
{
    public static HelloVerdict No(LinkErrorCode code, string text) => No(new LinkError(code, text));

    public static HelloVerdict No(LinkError error) => new(null, 0, error);
}
