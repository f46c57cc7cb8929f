using MultiCluster.Federation.BackendPolicies;
using MultiCluster.Federation.RoutePolicies;
using MultiCluster.Federation.Settings;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Tests.BackendPolicies;

public sealed class BackendPolicyReaderTests
{
    private static readonly BackendPolicy Plain = BackendPolicy.None;

    public static TheoryData<string, BackendPolicy> Good() => new()
    {
        { "J:balance-algorithm=roundrobin", Plain with { Balance = BalanceAlgorithm.RoundRobin } },
        { "J:balance-algorithm=static-rr", Plain with { Balance = BalanceAlgorithm.RoundRobin } },
        { "H:load-balance=leastconn", Plain with { Balance = BalanceAlgorithm.LeastConnections } },
        { "H:load-balance=first", Plain with { Balance = BalanceAlgorithm.First } },
        { "J:balance-algorithm=random(2)", Plain with { Balance = BalanceAlgorithm.Random } },
        { "J:balance-algorithm=random", Plain with { Balance = BalanceAlgorithm.Random } },
        { "H:load-balance=source", Hash(HashSource.Address) },
        { "H:load-balance=uri", Hash(HashSource.Path) },
        { "H:load-balance=uri path-only", Hash(HashSource.Path) },
        { "H:load-balance=uri whole", Hash(HashSource.Uri) },
        { "H:load-balance=uri depth 3", Hash(HashSource.Path, depth: 3) },
        { "H:load-balance=url_param user_id", Hash(HashSource.Parameter, "user_id") },
        { "H:load-balance=hdr(X-User)", Hash(HashSource.Header, "x-user") },
        { "H:load-balance=hdr(Host)", Hash(HashSource.Host) },
        { "H:load-balance=hash req.cook(Sid)", Hash(HashSource.Cookie, "Sid") },
        { "H:load-balance=hash pathq", Hash(HashSource.Uri) },
        { "H:load-balance=hash req.hdr(x-a)", Hash(HashSource.Header, "x-a") },
        { "H:load-balance=hash url_param(id)", Hash(HashSource.Parameter, "id") },
        { "N:load-balance=round_robin", Plain with { Balance = BalanceAlgorithm.RoundRobin } },
        { "N:load-balance=ewma", Plain with { Balance = BalanceAlgorithm.LeastConnections } },
        { "N:upstream-hash-by=$remote_addr", Hash(HashSource.Address) },
        { "N:upstream-hash-by=$binary_remote_addr", Hash(HashSource.Address) },
        { "N:upstream-hash-by=$request_uri", Hash(HashSource.Uri) },
        { "N:upstream-hash-by=$uri", Hash(HashSource.Path) },
        { "N:upstream-hash-by=$host", Hash(HashSource.Host) },
        { "N:upstream-hash-by=${arg_id}", Hash(HashSource.Parameter, "id") },
        { "N:upstream-hash-by=$http_x_user & N:load-balance=ewma", Hash(HashSource.Header, "x-user") },
        { "N:upstream-hash-by=$cookie_Sid", Hash(HashSource.Cookie, "Sid") },
        { "J:affinity=cookie", Kept(new SessionCookie("INGRESSCOOKIE")) },
        { "J:session-cookie-name=SID", Plain },
        { "J:affinity=cookie & J:session-cookie-name=SID & J:session-cookie-domain=Shop.Example & J:session-cookie-preserve=true", Kept(new SessionCookie("SID") { Domain = "shop.example", YieldsToServers = true }) },
        { "J:affinity=cookie & J:session-cookie-same-site=true", Kept(new SessionCookie("INGRESSCOOKIE") { SameSite = SameSiteRule.None, Secure = SecureRule.Always }) },
        { "J:affinity=cookie & J:session-cookie-keywords=nocache secure preserve", Kept(new SessionCookie("INGRESSCOOKIE") { IsScriptable = true, Secure = SecureRule.Always, YieldsToServers = true }) },
        { "sH:cookie-persistence=mine", Kept(new SessionCookie("mine")) },
        { "sH:cookie-persistence-no-dynamic=mine", Kept(new SessionCookie("mine")) },
        { "N:affinity=cookie", Kept(new SessionCookie("INGRESSCOOKIE") { Path = "/cart/%C3%A9", Secure = SecureRule.OverTls }) },
        {
            "N:affinity=cookie & N:session-cookie-name=route & N:session-cookie-path=/a & N:session-cookie-max-age=60 & N:session-cookie-expires=70 & N:session-cookie-samesite=none & N:session-cookie-conditional-samesite-none=true & N:session-cookie-secure=true & N:session-cookie-partitioned=true & N:session-cookie-domain=shop.example",
            Kept(new SessionCookie("route")
            {
                Path = "/a", MaxAge = 60, Expires = 70, SameSite = SameSiteRule.None, SparesOldAgents = true, Secure = SecureRule.Always, IsPartitioned = true, Domain = "shop.example",
            })
        },
        { "N:affinity=cookie & N:session-cookie-path=/ & N:session-cookie-secure=false & N:session-cookie-samesite=Strict", Kept(new SessionCookie("INGRESSCOOKIE") { SameSite = SameSiteRule.Strict }) },
        { "J:maxconn-server=20 & J:maxqueue-server=5", Plain with { MaxConnections = 20, MaxQueue = 5 } },
        { "H:pod-maxconn=0", Plain },
        { "H:pod-maxconn=7", Plain with { MaxConnections = 7 } },
        { "J:backend-protocol=h1", Plain },
        { "J:backend-protocol=GRPC", Plain with { Protocol = BackendProtocol.Http2 } },
        { "J:backend-protocol=https", Plain with { Protocol = BackendProtocol.Https } },
        { "J:backend-protocol=h2-ssl", Plain with { Protocol = BackendProtocol.Http2Tls } },
        { "J:secure-backends=true", Plain with { Protocol = BackendProtocol.Https } },
        { "J:secure-backends=true & J:backend-protocol=h2", Plain with { Protocol = BackendProtocol.Http2Tls } },
        { "H:server-proto=h2", Plain with { Protocol = BackendProtocol.Http2 } },
        { "H:server-ssl=on", Plain with { Protocol = BackendProtocol.Http2Tls } },
        { "H:server-ssl=false", Plain },
        { "N:backend-protocol=HTTP", Plain },
        { "N:backend-protocol=https", Plain with { Protocol = BackendProtocol.Https } },
        { "N:backend-protocol=GRPC", Plain with { Protocol = BackendProtocol.Http2 } },
        { "N:backend-protocol=GRPCS", Plain with { Protocol = BackendProtocol.Http2Tls } },
        { "J:proxy-protocol=v1", Plain with { ProxyHeader = ProxyHeader.Version1 } },
        { "J:proxy-protocol=no", Plain },
        { "J:proxy-protocol=v2-ssl-cn", Plain with { ProxyHeader = ProxyHeader.Version2TlsName } },
        { "H:send-proxy-protocol=proxy", Plain with { ProxyHeader = ProxyHeader.Version1 } },
        { "H:send-proxy-protocol=proxy-v2", Plain with { ProxyHeader = ProxyHeader.Version2 } },
        { "H:send-proxy-protocol=proxy-v2-ssl", Plain with { ProxyHeader = ProxyHeader.Version2Tls } },
        { "H:check=true", Plain with { Checks = true } },
        { "H:check=false & H:check-interval=5s", Plain with { Checks = false, CheckInterval = TimeSpan.FromSeconds(5) } },
        { "H:check-interval=1500", Plain with { Checks = true, CheckInterval = TimeSpan.FromSeconds(1.5) } },
        { "J:health-check-interval=1m", Plain with { Checks = true, CheckInterval = TimeSpan.FromMinutes(1) } },
        { "J:backend-check-interval=3s", Plain with { Checks = true, CheckInterval = TimeSpan.FromSeconds(3) } },
        { "J:health-check-rise-count=1 & J:health-check-fall-count=5", Plain with { Checks = true, CheckRise = 1, CheckFall = 5 } },
        { "J:agent-check-port=9000 & J:agent-check-interval=3s & J:agent-check-send=shop-1", Plain with { AgentPort = 9000, AgentInterval = TimeSpan.FromSeconds(3), AgentSend = "shop-1" } },
        { "J:service-upstream=true", Plain with { UsesService = true } },
        { "N:service-upstream=true & sJ:service-upstream=false", Plain },
        { "J:health-check-uri=/up?deep=1", Plain with { Checks = true, CheckPath = "/up?deep=1" } },
        { "H:check-http=/up", Plain with { Checks = true, CheckPath = "/up" } },
        { "H:check-http=GET /up", Plain with { Checks = true, CheckPath = "/up" } },
        { "H:check-http=GET /up HTTP/1.1", Plain with { Checks = true, CheckPath = "/up" } },
        { "H:initial-weight=3", Plain },
        { "other.example/load-balance=first", Plain },
        // The Service's, then the first family's, then the first prefix'.
        { "H:pod-maxconn=7 & sH:pod-maxconn=9", Plain with { MaxConnections = 9 } },
        { "J:maxconn-server=7 & sH:pod-maxconn=9", Plain with { MaxConnections = 9 } },
        { "ingress.kubernetes.io/load-balance=first", Plain with { Balance = BalanceAlgorithm.First } },
        { "haproxy.com/load-balance=first & H:load-balance=leastconn", Plain with { Balance = BalanceAlgorithm.LeastConnections } },
        { "J:health-check-interval=1s & J:backend-check-interval=3s", Plain with { Checks = true, CheckInterval = TimeSpan.FromSeconds(1) } },
        { "sN:backend-protocol=HTTPS", Plain },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void A_good_value_says_how_servers_are_used(string lines, BackendPolicy policy)
    {
        var reading = Read(lines);
        Assert.Empty(reading.Problems);
        Assert.Equal(policy, reading.Policy);
    }

    [Theory]
    [InlineData("H:load-balance=uri len 20", "haproxy.org/load-balance", "can't be followed")]
    [InlineData("H:load-balance=uri depth 9", "haproxy.org/load-balance", "uri depth 1 to 8")]
    [InlineData("H:load-balance=uri whole depth 2", "haproxy.org/load-balance", "can't be followed")]
    [InlineData("H:load-balance=url_param id check_post 20", "haproxy.org/load-balance", "can't be followed")]
    [InlineData("H:load-balance=hdr(host) use_domain_only", "haproxy.org/load-balance", "can't be followed")]
    [InlineData("H:load-balance=hdr()", "haproxy.org/load-balance", "can't be followed")]
    [InlineData("H:load-balance=hdr(x|y)", "haproxy.org/load-balance", "can't be followed")]
    [InlineData("H:load-balance=rdp-cookie", "haproxy.org/load-balance", "can't be followed")]
    [InlineData("H:load-balance=hash rand()", "haproxy.org/load-balance", "can't be followed")]
    [InlineData("H:load-balance=best", "haproxy.org/load-balance", "write an algorithm")]
    [InlineData("J:balance-algorithm=random(-1)", "haproxy-ingress.github.io/balance-algorithm", "can't be followed")]
    [InlineData("N:load-balance=least_conn", "nginx.ingress.kubernetes.io/load-balance", "write")]
    [InlineData("N:upstream-hash-by=$request_uri$host", "nginx.ingress.kubernetes.io/upstream-hash-by", "$request_uri")]
    [InlineData("N:upstream-hash-by=$http_", "nginx.ingress.kubernetes.io/upstream-hash-by", "alone")]
    [InlineData("N:upstream-hash-by=$arg_a.b", "nginx.ingress.kubernetes.io/upstream-hash-by", "alone")]
    [InlineData("N:upstream-hash-by=fixed", "nginx.ingress.kubernetes.io/upstream-hash-by", "alone")]
    [InlineData("J:maxconn-server=-1", "haproxy-ingress.github.io/maxconn-server", "0 or more")]
    [InlineData("J:maxconn-server=1000001", "haproxy-ingress.github.io/maxconn-server", "0 to 1000000")]
    [InlineData("J:maxqueue-server=many", "haproxy-ingress.github.io/maxqueue-server", "whole number")]
    [InlineData("J:backend-protocol=fcgi", "haproxy-ingress.github.io/backend-protocol", "h1, h2")]
    [InlineData("N:backend-protocol=AUTO_HTTP", "nginx.ingress.kubernetes.io/backend-protocol", "HTTPS")]
    [InlineData("N:backend-protocol=FCGI", "nginx.ingress.kubernetes.io/backend-protocol", "HTTPS")]
    [InlineData("H:server-proto=h3", "haproxy.org/server-proto", "h2")]
    [InlineData("H:send-proxy-protocol=v2", "haproxy.org/send-proxy-protocol", "proxy-v2")]
    [InlineData("H:check=maybe", "haproxy.org/check", "true or false")]
    [InlineData("H:check-interval=10ms", "haproxy.org/check-interval", "100ms to 1h")]
    [InlineData("H:check-interval=2h", "haproxy.org/check-interval", "100ms to 1h")]
    [InlineData("H:check-http=HEAD /up", "haproxy.org/check-http", "GET")]
    [InlineData("H:check-http=GET /up HTTP/1.1 Host: x", "haproxy.org/check-http", "write a path")]
    [InlineData("H:check-http=up", "haproxy.org/check-http", "begins with /")]
    [InlineData("J:agent-check-port=0", "haproxy-ingress.github.io/agent-check-port", "1 to 65535")]
    [InlineData("J:agent-check-interval=1ms", "haproxy-ingress.github.io/agent-check-interval", "100ms to 1h")]
    [InlineData("J:agent-check-send=a b", "haproxy-ingress.github.io/agent-check-send", "write at most 64 letters")]
    [InlineData("J:health-check-uri=up", "haproxy-ingress.github.io/health-check-uri", "begins with /")]
    [InlineData("J:health-check-fall-count=0", "haproxy-ingress.github.io/health-check-fall-count", "1 or more")]
    [InlineData("J:health-check-fall-count=1001", "haproxy-ingress.github.io/health-check-fall-count", "1 to 1000")]
    public void A_bad_value_costs_itself_and_names_the_annotation_and_the_fix(string line, string name, string fix)
    {
        foreach (var also in (string[])["", " & J:proxy-protocol=v1"])
        {
            var reading = Read(line + also);
            Assert.Equal(also.Length == 0 ? Plain : Plain with { ProxyHeader = ProxyHeader.Version1 }, reading.Policy);
            var problem = Assert.Single(reading.Problems);
            Assert.Equal((Reasons.InvalidPolicy, $"annotation {name}"), (problem.Reason, problem.Field));
            Assert.Contains(fix, problem.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Where_one_value_is_bad_the_next_counts()
    {
        var reading = Read("sH:load-balance=uri len 3 & H:load-balance=leastconn");
        Assert.Equal(BalanceAlgorithm.LeastConnections, reading.Policy.Balance);
        Assert.Single(reading.Problems);
    }

    [Fact]
    public void Who_says_otherwise_on_the_same_object_is_told()
    {
        var reading = Read("J:maxconn-server=5 & H:pod-maxconn=6");
        Assert.Equal(5, reading.Policy.MaxConnections);
        var problem = Assert.Single(reading.Problems);
        Assert.Equal((Reasons.AnnotationConflict, "annotation haproxy.org/pod-maxconn"), (problem.Reason, problem.Field));
        Assert.Empty(Read("J:maxconn-server=5 & H:pod-maxconn=5").Problems);
    }

    [Fact]
    public void Whatever_is_written_nothing_unchecked_comes_out()
    {
        string[] keys =
        [
            "J:balance-algorithm", "H:load-balance", "N:load-balance", "N:upstream-hash-by", "J:maxconn-server", "H:pod-maxconn", "J:maxqueue-server", "J:backend-protocol",
            "J:secure-backends", "H:server-proto", "H:server-ssl", "N:backend-protocol", "J:proxy-protocol", "H:send-proxy-protocol", "H:check", "H:check-interval",
            "J:health-check-interval", "J:health-check-rise-count", "J:health-check-fall-count", "J:health-check-uri", "H:check-http",
            "J:agent-check-port", "J:agent-check-interval", "J:agent-check-send",
        ];
        string[] values =
        [
            "", " ", "\n", "\0", "é", "$", "${}", "$arg_", "$http_a|b", "hdr(", "hdr)", "hdr(a*b)", "hdr(~)", "hash", "hash hdr(a b)", "uri depth", "uri depth x", "url_param", "url_param a*b",
            "random()", "random(99999999999999)", "99999999999999", "99999999999999d", "2147483647d", "0", "0us", "-0", "/\u0001", "/a b", "/é", "/" + new string('a', 2000), "GET", "GET /a b c d",
            "%[env(x)]", "a;b", "\"", "/x\r\nHost: y", "*", "~", "|", new string('a', 20_000),
        ];
        foreach (var key in keys)
        {
            foreach (var value in values)
            {
                var reading = BackendPolicyReader.Read(EquatableMap.From((IEnumerable<KeyValuePair<string, string>>)[Annotation($"{key}={value}")]), EquatableMap.Empty);
                var (policy, hash) = (reading.Policy, reading.Policy.HashKey);
                Assert.Equal(policy.Balance == BalanceAlgorithm.Hash, hash is not null);
                Assert.True(hash is null || (hash.Depth is >= 0 and <= HashKey.MaxDepth && HashKey.IsName(hash.Name) == hash.Source is HashSource.Header or HashSource.Cookie or HashSource.Parameter));
                Assert.InRange(policy.MaxConnections, 0, BackendPolicy.MaxNumber);
                Assert.InRange(policy.MaxQueue, 0, BackendPolicy.MaxNumber);
                Assert.InRange(policy.CheckInterval ?? BackendPolicy.MinInterval, BackendPolicy.MinInterval, BackendPolicy.MaxInterval);
                Assert.True(policy.CheckPath is null || BackendPolicy.IsCheckPath(policy.CheckPath), $"{key}: {value}");
                Assert.True(policy == Plain || reading.Problems.IsEmpty, $"{key}: {value}");
                Assert.All(reading.Problems, static problem => Assert.InRange(problem.ToString().Length, 1, 600));
            }
        }
    }

    private static BackendPolicy Hash(HashSource source, string name = "", int depth = 0) =>
        Plain with { Balance = BalanceAlgorithm.Hash, HashKey = new HashKey(source, name, depth) };

    private static readonly RoutePolicyContext Context = new(new ObjectKey("shop", "front"), "cart", "/cart/\u00e9", PathMatch.Prefix, false, static _ => null);

    private static BackendPolicy Kept(SessionCookie cookie) => Plain with { Session = cookie };

    /// <param name="lines">Such as <c>H:check=true</c>; of the Service with an s before it.</param>
    [Theory]
    [InlineData("health-check-addr", "10.1.2.3", true)]
    [InlineData("health-check-addr", "::ffff:10.1.2.3", true)]
    [InlineData("health-check-addr", "10.2.0.1", false)]
    [InlineData("health-check-addr", "2001:db8::7", true)]
    [InlineData("health-check-addr", "2001:db9::7", false)]
    [InlineData("agent-check-addr", "10.1.2.3", true)]
    [InlineData("agent-check-addr", "169.254.169.254", false)]
    [InlineData("agent-check-addr", "db.example", false)]
    public void Another_address_is_asked_where_the_operator_allows_it(string key, string address, bool isAllowed)
    {
        var defaults = IngressDefaults.None with { CheckNetworks = CheckNetworks.Read(["10.1.0.0/16", "2001:db8::/32"])!.Value };
        var reading = Read($"J:{key}={address}", defaults);
        Assert.Equal(isAllowed, (reading.Policy.CheckAddress ?? reading.Policy.AgentAddress) is not null);
        Assert.Equal(isAllowed ? 0 : 1, reading.Problems.Count);
        Assert.Single(Read($"J:{key}={address}").Problems);
    }

    private static BackendPolicyReading Read(string lines, IngressDefaults? defaults = null)
    {
        var written = lines.Split(" & ");
        return BackendPolicyReader.Read(
            EquatableMap.From(written.Where(static line => line[0] != 's').Select(Annotation)),
            EquatableMap.From(written.Where(static line => line[0] == 's').Select(static line => Annotation(line[1..]))), defaults: defaults, context: Context);
    }

    private static KeyValuePair<string, string> Annotation(string line)
    {
        var at = line.IndexOf('=', StringComparison.Ordinal);
        var name = line[..at];
        return KeyValuePair.Create(
            name[..2] switch { "J:" => "haproxy-ingress.github.io/" + name[2..], "H:" => "haproxy.org/" + name[2..], "N:" => "nginx.ingress.kubernetes.io/" + name[2..], _ => name },
            line[(at + 1)..]);
    }
}
