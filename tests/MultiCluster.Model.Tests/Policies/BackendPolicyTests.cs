using System.Text;
using MultiCluster.Model.Policies;

namespace MultiCluster.Model.Tests.Policies;

public sealed class BackendPolicyTests
{
    [Fact]
    public void A_policy_reads_back_and_says_nothing_of_what_is_not_set()
    {
        var whole = new BackendPolicy
        {
            Balance = BalanceAlgorithm.Hash, HashKey = new HashKey(HashSource.Path, Depth: 2), MaxConnections = 20, MaxQueue = 5, Protocol = BackendProtocol.Http2Tls,
            ProxyHeader = ProxyHeader.Version2, Checks = false, CheckInterval = TimeSpan.FromSeconds(1.5), CheckRise = 1, CheckFall = 2, CheckPath = "/up?a=1",
        };
        foreach (var policy in (BackendPolicy[])[whole, BackendPolicy.None, new() { Balance = BalanceAlgorithm.RoundRobin }, new() { HashKey = HashKey.Address, Balance = BalanceAlgorithm.Hash }])
            Assert.Equal(policy, PolicyJson.Read(PolicyJson.Write(new RoutePolicy { Backend = policy }))!.Backend);
        Assert.Equal("""{"backend":{"maxConnections":20}}""", Encoding.UTF8.GetString(PolicyJson.Write(new RoutePolicy { Backend = new BackendPolicy { MaxConnections = 20 } })));
    }

    [Fact]
    public void It_is_no_rule_for_requests()
    {
        var rules = new RoutePolicy { Closed = true };
        Assert.Same(rules, rules.WithoutBackend());
        Assert.Equal(rules, (rules with { Backend = BackendPolicy.None }).WithoutBackend());
        Assert.False((RoutePolicy.None with { Backend = BackendPolicy.None }).IsEmpty);
    }

    [Theory]
    [InlineData("x-user", true)]
    [InlineData("Sid_1.a", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a|b", false)]
    [InlineData("a~b", false)]
    [InlineData("é", false)]
    public void Names_that_requests_are_hashed_by_are_plain(string name, bool isName) => Assert.Equal(isName, HashKey.IsName(name));

    [Theory]
    [InlineData("/", true)]
    [InlineData("/up?a=1|~*", true)]
    [InlineData("up", false)]
    [InlineData("/a b", false)]
    [InlineData("/a\n", false)]
    [InlineData("/é", false)]
    public void A_check_asks_for_a_path(string path, bool isPath) => Assert.Equal(isPath, BackendPolicy.IsCheckPath(path));
}
