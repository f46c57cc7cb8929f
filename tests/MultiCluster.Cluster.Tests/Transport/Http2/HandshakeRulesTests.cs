using MultiCluster.Cluster.Transport.Http2;
using MultiCluster.Cluster.Transport.Http2.Handshake;
using MultiCluster.Cluster.Transport.Http2.Tls;
using MultiCluster.Cluster.Transport.Http2.Wire;

namespace MultiCluster.Cluster.Tests.Transport.Http2;

public sealed class HandshakeRulesTests
{
    private static readonly PeerIdentity Self = new("prod", PeerRole.Node, "a", "1");
    private static readonly PeerIdentity Peer = new("prod", PeerRole.Node, "b", "7");
    private static readonly ProtocolRange Five = ProtocolRange.Around(5);

    [Theory]
    [InlineData(3, null)]
    [InlineData(4, 4)]
    [InlineData(5, 5)]
    [InlineData(6, 5)]
    [InlineData(7, null)]
    public void Versions_next_to_each_other_agree_on_the_older(int theirs, int? agreed)
    {
        var verdict = Judge(HandshakeRules.Hello(Peer, ProtocolRange.Around(theirs), "a"));
        if (agreed is { } version)
        {
            Assert.Null(verdict.Error);
            Assert.Equal(version, verdict.Version);
            return;
        }
        Assert.Equal(LinkErrorCode.ProtocolVersion, verdict.Error!.Code);
        Assert.Contains(ProtocolRange.Around(theirs).ToString(), verdict.Error.Text, StringComparison.Ordinal);
        Assert.Contains(Five.ToString(), verdict.Error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_version_has_none_before_it()
    {
        Assert.Equal("1", ProtocolRange.Around(1).ToString());
        Assert.Equal(1, ProtocolRange.Around(1).Agree(ProtocolRange.Around(2)));
    }

    [Fact]
    public void Another_cluster_is_named_together_with_ours()
    {
        var error = Judge(HandshakeRules.Hello(Peer with { Cluster = "staging" }, Five, "a")).Error!;
        Assert.Equal(LinkErrorCode.OtherCluster, error.Code);
        Assert.Contains("'staging'", error.Text, StringComparison.Ordinal);
        Assert.Contains("'prod'", error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_hello_that_is_wrong_is_refused_with_its_own_reason()
    {
        Assert.Equal(LinkErrorCode.Role, Judge(HandshakeRules.Hello(Peer with { Role = PeerRole.Proxy }, Five, "a")).Error!.Code);
        Assert.Equal(LinkErrorCode.OtherNode, Judge(HandshakeRules.Hello(Peer, Five, "c")).Error!.Code);
        Assert.Equal(LinkErrorCode.NameInUse, Judge(HandshakeRules.Hello(Peer with { Name = "a" }, Five, "a")).Error!.Code);
        Assert.Equal(LinkErrorCode.Garbage, Judge(HandshakeRules.Hello(Peer with { Name = "" }, Five, "a")).Error!.Code);
        Assert.Equal(LinkErrorCode.Garbage, Judge(HandshakeRules.Hello(Peer with { Name = new string('x', 5000) }, Five, "a")).Error!.Code);
        Assert.Equal(LinkErrorCode.OtherCluster, Judge(new Hello { Name = "b", Incarnation = "7" }).Error!.Code);
        Assert.Null(Judge(HandshakeRules.Hello(Peer, Five, "")).Error);
    }

    [Theory]
    [InlineData("multicluster://prod/node/b", true)]
    [InlineData("multicluster://prod/node/c", false)]
    [InlineData("multicluster://prod/proxy/b", false)]
    [InlineData("multicluster://staging/node/b", false)]
    [InlineData("multicluster://prod/node/b/c", false)]
    [InlineData("https://prod/node/b", false)]
    public void A_certificate_names_cluster_role_and_name(string uri, bool accepted)
    {
        var certificate = new PeerCertificate("CN=x", ["https://example.org/", uri], DateTimeOffset.MaxValue);
        var verdict = HandshakeRules.Judge(HandshakeRules.Hello(Peer, Five, "a"), Self, Five, PeerRole.Node, certificate);
        Assert.Equal(accepted ? null : LinkErrorCode.Identity, verdict.Error?.Code);
        if (!accepted)
            Assert.Contains("multicluster://prod/node/b ", verdict.Error!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_dialled_checks_whom_it_has_reached()
    {
        var target = new PeerTarget("127.0.0.1:7400", PeerRole.Node, "b");
        LinkError? Reply(HelloReply reply) => HandshakeRules.Judge(reply, target, "prod", Five, null).Error;
        Assert.Null(Reply(HandshakeRules.Welcome(Peer, 4)));
        Assert.Equal(LinkErrorCode.OtherNode, Reply(HandshakeRules.Welcome(Peer with { Name = "c" }, 5))!.Code);
        Assert.Equal(LinkErrorCode.OtherNode, Reply(HandshakeRules.Welcome(Peer with { Role = PeerRole.Proxy }, 5))!.Code);
        Assert.Equal(LinkErrorCode.OtherCluster, Reply(HandshakeRules.Welcome(Peer with { Cluster = "staging" }, 5))!.Code);
        Assert.Equal(LinkErrorCode.ProtocolVersion, Reply(HandshakeRules.Welcome(Peer, 6))!.Code);
        Assert.Equal(LinkErrorCode.Garbage, Reply(new HelloReply())!.Code);
        Assert.Equal(LinkErrorCode.NotReady, Reply(HandshakeRules.Refusal(new LinkError(LinkErrorCode.NotReady, "soon")))!.Code);
        Assert.Equal(LinkErrorCode.Refused, Reply(new HelloReply { Refusal = new Refusal { Code = uint.MaxValue, Reason = "from the future" } })!.Code);
    }

    [Fact]
    public void A_name_in_a_uri_is_escaped_so_that_none_can_pass_for_another()
    {
        Assert.Equal("multicluster://my%20prod/node/a%2Fb", new PeerIdentity("my prod", PeerRole.Node, "a/b", "").Uri);
        Assert.False(new PeerCertificate("CN=x", ["multicluster://prod/node/"], DateTimeOffset.MaxValue).NamesAny("prod", PeerRole.Node));
    }

    private static HelloVerdict Judge(Hello hello) => HandshakeRules.Judge(hello, Self, Five, PeerRole.Node, null);
}
