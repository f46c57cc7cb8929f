using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Traffic;

namespace MultiCluster.HAProxy.Tests.Traffic;

public sealed class PlaceVariantTests
{
    public static TheoryData<BackendPolicy, string> Texts() => new()
    {
        { new() { Balance = BalanceAlgorithm.LeastConnections }, "lc" },
        { new() { Balance = BalanceAlgorithm.First, MaxConnections = 20, MaxQueue = 5 }, "first|maxconn:20|maxqueue:5" },
        { new() { Balance = BalanceAlgorithm.Random }, "random" },
        { new() { Balance = BalanceAlgorithm.Hash }, "hash|src" },
        { new() { Balance = BalanceAlgorithm.Hash, HashKey = new HashKey(HashSource.Host) }, "hash|host" },
        { new() { Balance = BalanceAlgorithm.Hash, HashKey = new HashKey(HashSource.Uri) }, "hash|uri" },
        { new() { Balance = BalanceAlgorithm.Hash, HashKey = new HashKey(HashSource.Path) }, "hash|path" },
        { new() { Balance = BalanceAlgorithm.Hash, HashKey = new HashKey(HashSource.Path, Depth: 3) }, "hash|path:3" },
        { new() { Balance = BalanceAlgorithm.Hash, HashKey = new HashKey(HashSource.Parameter, "Id_1.x") }, "hash|param:Id_1.x" },
        { new() { Balance = BalanceAlgorithm.Hash, HashKey = new HashKey(HashSource.Header, "x-user") }, "hash|hdr:x-user" },
        { new() { Balance = BalanceAlgorithm.Hash, HashKey = new HashKey(HashSource.Cookie, "SID") }, "hash|cookie:SID" },
        { new() { Session = new SessionCookie("SID") }, "rr-cookie|session:SID::0:OyBwYXRoPS87IEh0dHBPbmx5" },
        {
            new()
            {
                Balance = BalanceAlgorithm.LeastConnections, MaxConnections = 3, Session = new SessionCookie("a.b") { Expires = 60, SameSite = SameSiteRule.None, SparesOldAgents = true, Secure = SecureRule.OverTls, YieldsToServers = true },
            },
            "lc-cookie|session:a.b:enty:60:OyBwYXRoPS87IEh0dHBPbmx5|maxconn:3"
        },
        { new() { Balance = BalanceAlgorithm.Hash, Session = new SessionCookie("c") { IsScriptable = true, Secure = SecureRule.Always } }, "rr-cookie|session:c:s:0:OyBwYXRoPS8" },
        { new() { Tls = new ServerTls { Sni = SniSource.Client, Ciphers = "AES256", MinVersion = "TLSv1.2" } }, "rr|tls:c::::::QUVTMjU2::TLSv1.2-" },
        { new() { Protocol = BackendProtocol.Https, Tls = new ServerTls { IsClosed = true, Sni = SniSource.Name, Name = "a.b", VerifiedName = "c" } }, "rr|https|tls:xn::::a.b:c:::" },
        { new() { Tls = new ServerTls { Authorities = Make.Pem } }, $"rr|tls::{TrustFile.Create(TrustKind.Authorities, Make.Pem)!.FileName[9..41]}:::::::" },
        { new() { Protocol = BackendProtocol.Http2 }, "rr|h2" },
        { new() { Protocol = BackendProtocol.Https, ProxyHeader = ProxyHeader.Version1 }, "rr|https|proxy-v1" },
        { new() { Protocol = BackendProtocol.Http2Tls, ProxyHeader = ProxyHeader.Version2 }, "rr|h2-tls|proxy-v2" },
        { new() { ProxyHeader = ProxyHeader.Version2Tls }, "rr|proxy-v2-ssl" },
        { new() { ProxyHeader = ProxyHeader.Version2TlsName }, "rr|proxy-v2-ssl-cn" },
        { new() { Checks = false, CheckPath = "/up", CheckInterval = TimeSpan.FromSeconds(1) }, "rr|check:off" },
        { new() { Checks = true, CheckInterval = TimeSpan.FromSeconds(1.5), CheckRise = 1, CheckFall = 4 }, "rr|check:on|inter:1500|rise:1|fall:4" },
        { new() { Checks = true, CheckPort = 8081 }, "rr|check:on|port:8081" },
        { new() { Checks = true, CheckPort = 8081, CheckAddress = "2001:db8::7" }, "rr|check:on|port:8081|addr:2001-db8--7" },
        { new() { UsesService = true, MaxConnections = 2 }, "rr|service|maxconn:2" },
        { new() { AgentPort = 9000, AgentAddress = "10.0.0.5" }, "rr|check:on|agent:9000|agent-addr:10.0.0.5" },
        { new() { CheckPath = "/up" }, "rr-http|check:on*/up" },
        { new() { AgentPort = 9000, AgentInterval = TimeSpan.FromSeconds(1.5), AgentSend = "a-1" }, "rr|check:on|agent:9000|agent-inter:1500|agent-send:a-1" },
        { new() { AgentPort = 9000, AgentSend = "a", Checks = false }, "rr|check:off" },
        { new() { Balance = BalanceAlgorithm.Hash, CheckPath = "/a%20b?x=~*|1" }, "hash-http|src|check:on*/a~2520b~3Fx~3D~7E~2A~7C1" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_variant_is_part_of_a_real_name_and_reads_back(BackendPolicy policy, string text)
    {
        var variant = PlaceVariant.Of(policy);
        Assert.Equal(text, variant!.ToString());
        foreach (var place in (PlaceKey[])
                 [
                     Make.Place("cart", "aws", "gcp") with { Variant = variant },
                     PlaceKey.OfGroup(Make.Backend("cart").Ref, new MemberName("aws"), new GroupKind(variant.Profile, TrafficDistribution.PreferSameZone, LocalityTier.Zone), variant),
                 ])
        {
            Assert.EndsWith($"|~{text}", BackendNames.RealName(place), StringComparison.Ordinal);
            Assert.True(BackendNames.IsUsable(place));
            Assert.Equal(place, BackendNames.Parse(BackendNames.RealName(place)));
            Assert.Equal(variant.Profile, place.Profile);
        }
    }

    [Fact]
    public void What_is_as_without_a_policy_is_no_variant()
    {
        Assert.Null(PlaceVariant.Of(null));
        Assert.Null(PlaceVariant.Of(BackendPolicy.None));
        Assert.Null(PlaceVariant.Of(new BackendPolicy { Balance = BalanceAlgorithm.RoundRobin }));
        Assert.Null(PlaceVariant.Of(BackendPolicy.None, new TrafficPolicy { Balance = LoadBalancing.LeastConnections, SessionAffinity = true }));
    }

    [Theory]
    [InlineData(null, false, "lc")]
    [InlineData(null, true, "lc-cookie")]
    [InlineData(BalanceAlgorithm.RoundRobin, false, "rr")]
    [InlineData(BalanceAlgorithm.Hash, false, "hash")]
    [InlineData(BalanceAlgorithm.Hash, true, "rr-cookie")]
    [InlineData(BalanceAlgorithm.First, true, "rr-cookie")]
    [InlineData(BalanceAlgorithm.LeastConnections, true, "lc-cookie")]
    public void A_group_balances_as_its_servers_policy_says_and_else_as_the_traffic_policy(BalanceAlgorithm? balance, bool affinity, string profile)
    {
        var traffic = new TrafficPolicy { Balance = LoadBalancing.LeastConnections, SessionAffinity = affinity };
        var groups = ServerSets.OfAll.Groups(Make.Backend("cart"), Make.Fragment("cart", "10.0.0.1"), traffic, new BackendPolicy { Balance = balance });
        var group = Assert.Single(groups);
        Assert.Equal(profile, group.Profile.Name);
        Assert.Equal(profile == "hash", group.Variant is not null);
        Assert.Equal(group, BackendNames.Parse(BackendNames.RealName(group)));
    }

    [Fact]
    public void Profiles_have_names_of_their_own()
    {
        Assert.Equal(BackendProfile.All.Count, BackendProfile.All.Select(static profile => profile.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(BackendProfile.All, static profile => Assert.Equal(profile, BackendProfile.Parse(profile.Name)));
        Assert.All(BackendProfile.All, static profile => Assert.Equal((profile, 17), BackendPool.SlotOf($"{profile.Defaults}-17")));
    }
}
