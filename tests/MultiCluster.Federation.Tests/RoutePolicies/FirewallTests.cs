using MultiCluster.Federation.RoutePolicies;
using MultiCluster.Federation.Settings;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.Tests.RoutePolicies;

public sealed class FirewallTests
{
    private static readonly RoutePolicyContext Guarded = Reading.Context() with { Defaults = IngressDefaults.None with { HasFirewall = true } };

    [Theory]
    [InlineData("", null)]
    [InlineData("J:waf-mode=deny", null)]
    [InlineData("J:waf=modsecurity", FirewallMode.Deny)]
    [InlineData("J:waf=modsecurity & J:waf-mode=deny", FirewallMode.Deny)]
    [InlineData("J:waf=modsecurity & J:waf-mode=detect", FirewallMode.Detect)]
    [InlineData("N:enable-modsecurity=true", FirewallMode.Detect)]
    [InlineData("N:enable-modsecurity=true & N:enable-owasp-core-rules=true", FirewallMode.Detect)]
    [InlineData("N:enable-modsecurity=false", null)]
    [InlineData("N:enable-owasp-core-rules=true", null)]
    public void It_is_asked_where_a_key_says_so(string lines, FirewallMode? expected)
    {
        var reading = Reading.Of(lines, Guarded);
        Assert.Equal((expected, false), (reading.Policy.Firewall, reading.Policy.Closed));
        Assert.Empty(reading.Problems);
        Assert.Equal(expected == FirewallMode.Deny, reading.Policy.Guards.Contains(nameof(RoutePolicy.Firewall)));
    }

    [Theory]
    [InlineData("J:waf=naxsi", "annotation haproxy-ingress.github.io/waf is \"naxsi\"; write modsecurity, and until then every request is refused")]
    [InlineData("N:enable-modsecurity=maybe", "annotation nginx.ingress.kubernetes.io/enable-modsecurity is \"maybe\"; write true or false, and until then every request is refused")]
    public void What_can_not_be_read_closes_the_route(string lines, string problem)
    {
        var reading = Reading.Of(lines, Guarded);
        Assert.True(reading.Policy.Closed);
        Assert.Equal(problem, Assert.Single(reading.Problems).ToString());
    }

    [Fact]
    public void A_mode_that_can_not_be_read_is_the_stricter_one()
    {
        var reading = Reading.Of("J:waf=modsecurity & J:waf-mode=%[src]", Guarded);
        Assert.Equal((FirewallMode.Deny, false), (reading.Policy.Firewall, reading.Policy.Closed));
        Assert.Single(reading.Problems);
    }

    [Theory]
    [InlineData("J:waf=modsecurity", FirewallMode.Deny, true)]
    [InlineData("J:waf=modsecurity & J:waf-mode=detect", FirewallMode.Detect, false)]
    [InlineData("N:enable-modsecurity=true", FirewallMode.Detect, false)]
    public void Who_asks_for_one_where_there_is_none_is_told(string lines, FirewallMode expected, bool refuses)
    {
        var reading = Reading.Of(lines);
        Assert.Equal(expected, reading.Policy.Firewall);
        var problem = Assert.Single(reading.Problems).ToString();
        Assert.Contains("haproxy.waf.endpoints", problem, StringComparison.Ordinal);
        Assert.Equal(refuses, problem.Contains("every request is refused", StringComparison.Ordinal));
        var defaults = IngressDefaults.None.With(EquatableMap.From([new(FirewallWords.EndpointsKey, "10.0.0.5:12345")]));
        Assert.Empty(Reading.Of(lines, Reading.Context() with { Defaults = defaults }).Problems);
    }

    /// <summary>The other thing that takes an operator's word.</summary>
    [Theory]
    [InlineData("1", 1024L, true)]
    [InlineData("2147483647", 2_147_483_647L, true)]
    [InlineData("0", null, false)]
    [InlineData("-1", null, true)]
    [InlineData("1k", null, true)]
    [InlineData("2147483648", null, true)]
    [InlineData("%[src]", null, true)]
    public void Answers_are_held_back_by_kilobytes(string rate, long? expected, bool isTold)
    {
        var allowed = Reading.Context() with { Defaults = IngressDefaults.None with { LimitsBandwidth = true } };
        var reading = Reading.Of($"N:limit-rate={rate}");
        Assert.Equal((expected, isTold), (reading.Policy.BytesPerSecond, !reading.Problems.IsEmpty));
        Assert.Equal(isTold && expected is null, !Reading.Of($"N:limit-rate={rate} & N:limit-rate-after=5", allowed).Problems.IsEmpty);
    }

    [Theory]
    [InlineData("10.0.0.5:12345", "10.0.0.5:12345")]
    [InlineData(" 10.0.0.5:12345 , [fd00::1]:1,10.0.0.5:12345", "10.0.0.5:12345 [fd00::1]:1")]
    [InlineData("10.0.0.5", null)]
    [InlineData("10.0.0.5:0", null)]
    [InlineData("10.0.0.5:99999", null)]
    [InlineData("waf.example:12345", null)]
    [InlineData("10.0.0.5:12345 check", null)]
    [InlineData("10.0.0.5:12345\n    server x 1.2.3.4:5", null)]
    [InlineData("[fe80::1%eth0]:1", null)]
    [InlineData("unix@/run/x:1", null)]
    [InlineData(",", null)]
    public void Agents_are_addresses_with_ports(string text, string? expected) =>
        Assert.Equal(expected, FirewallWords.Endpoints(text.Split(',')) is { } endpoints ? string.Join(' ', endpoints) : null);

    [Theory]
    [InlineData("unique-id method path query req.ver req.hdrs_bin req.body_size req.body", "uuid() method path query req.ver req.hdrs_bin req.body_size req.body")]
    [InlineData("app=hdr(host)  id=unique-id\tsrc-ip=src headers=req.hdrs body=req.body", "app=hdr(host) id=uuid() src-ip=src headers=req.hdrs body=req.body")]
    [InlineData("app=str(shop) a=str(x)", "app=str(shop) a=str(x)")]
    [InlineData("path path", null)]
    [InlineData("req.hdrs req.hdrs_bin", null)]
    [InlineData("env(HOME)", null)]
    [InlineData("a=env(HOME)", null)]
    [InlineData("=path", null)]
    [InlineData("a=", null)]
    [InlineData("a=b=path", null)]
    [InlineData("str()", null)]
    [InlineData("str(", null)]
    [InlineData("str(a))", null)]
    [InlineData("str(a,b)", null)]
    [InlineData("path,lower", null)]
    [InlineData("path \"", null)]
    [InlineData("path#", null)]
    [InlineData("path\n#spoe x\r", null)]
    [InlineData("hdr(cookie)", null)]
    [InlineData("", null)]
    public void What_is_sent_is_of_a_known_set(string text, string? expected) => Assert.Equal(expected, FirewallWords.Arguments(text));

    [Fact]
    public void There_is_an_end_to_what_is_sent_and_to_agents()
    {
        Assert.Null(FirewallWords.Arguments(string.Join(' ', Enumerable.Repeat("str(a)", 17))));
        Assert.Null(FirewallWords.Arguments($"{new string('a', 40)}=path"));
        Assert.Null(FirewallWords.Arguments($"str({new string('a', 33)})"));
        Assert.Null(FirewallWords.Endpoints(Enumerable.Range(1, 101).Select(static port => $"10.0.0.1:{port}")));
    }
}
