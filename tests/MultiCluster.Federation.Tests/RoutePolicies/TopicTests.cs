using System.Globalization;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.Tests.RoutePolicies;

/// <summary>Things that a key or two say: the policy of each as text.</summary>
public sealed class TopicTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("cert-manager.io/issuer=a & kubernetes.io/ingress.class=b & other=c", "")]
    // Keys that their controller does not read on a Service.
    [InlineData("sH:set-host=new.example & sN:app-root=/shop & sJ:app-root=/shop", "")]
    [InlineData("J:redirect-to=https://new.example/x", "Url https://new.example/x 302")]
    [InlineData("J:redirect-to=/login", "Url /login 302")]
    [InlineData("H:request-redirect=new.example:8080", "Host new.example:8080 302")]
    [InlineData("H:request-redirect=new.example & H:request-redirect-code=308", "Host new.example 308")]
    [InlineData("N:permanent-redirect=https://new.example", "Url https://new.example 301")]
    [InlineData("N:permanent-redirect=https://new.example & N:permanent-redirect-code=308", "Url https://new.example 308")]
    [InlineData("N:permanent-redirect=https://a & N:temporal-redirect=https://b$request_uri & N:temporal-redirect-code=307", "Prefix https://b 307")]
    [InlineData("J:app-root=/shop", "root /shop")]
    [InlineData("N:app-root=/shop", "root /shop")]
    [InlineData("J:proxy-body-size=10k", "body 10240")]
    [InlineData("N:proxy-body-size=8M", "body 8388608")]
    [InlineData("N:proxy-body-size=0", "")]
    [InlineData("J:proxy-body-size=unlimited", "")]
    [InlineData("J:hsts=true", "hsts 15768000 False False")]
    [InlineData("J:hsts=false & J:hsts-max-age=5", "")]
    [InlineData("J:hsts-max-age=5 & J:hsts-include-subdomains=true & J:hsts-preload=true", "hsts 5 True True")]
    [InlineData("H:set-host=New.example:80", "host new.example:80")]
    [InlineData("N:upstream-vhost=new.example", "host new.example")]
    [InlineData("H:forwarded-for=false", "Keep")]
    [InlineData("H:forwarded-for=true", "")]
    [InlineData("N:x-forwarded-prefix=/shop", "prefix /shop")]
    [InlineData("H:timeout-server=100ms & sH:timeout-server=7s", "server 7000")]
    [InlineData("H:timeout-server=10us", "server 1")]
    [InlineData("J:timeout-connect=1s & J:timeout-queue=2 & J:timeout-server=3m & J:timeout-tunnel=4h", "connect 1000 queue 2 server 180000 tunnel 14400000")]
    [InlineData("N:proxy-connect-timeout=3 & N:proxy-read-timeout=5 & N:proxy-send-timeout=60", "connect 3000 server 60000 tunnel 60000")]
    [InlineData("N:proxy-read-timeout=5 & J:timeout-tunnel=1h", "server 5000 tunnel 3600000", true)]
    public void A_key_says_one_thing(string lines, string expected, bool isContradicted = false)
    {
        var reading = Reading.Of(lines);
        Assert.True(reading.Problems.IsEmpty != isContradicted, reading.Problems.ToString());
        Assert.Equal(expected, Text(reading.Policy));
        Assert.Equal(expected.Length == 0, reading.Policy.IsEmpty);
    }

    [Theory]
    [InlineData("J:redirect-to=javascript:alert(1)", "write a URL")]
    [InlineData("N:temporal-redirect=https://a/$scheme", "of variables only $request_uri, at its end")]
    [InlineData("N:temporal-redirect=$request_uri", "write a URL")]
    [InlineData("N:permanent-redirect-code=305", "is 305, which is no redirect to another place; write 301, 302, 303, 307 or 308")]
    [InlineData("H:request-redirect=https://a", "write a host name")]
    [InlineData("N:app-root=/", "leads to itself")]
    [InlineData("J:app-root=shop", "write a path")]
    [InlineData("N:proxy-body-size=much", "write a number of bytes")]
    [InlineData("J:hsts=maybe", "write true or false")]
    [InlineData("J:hsts-max-age=-1", "write a whole number")]
    [InlineData("H:set-host=*.a.example", "write a host name")]
    [InlineData("N:upstream-vhost=$host", "write a host name")]
    [InlineData("H:forwarded-for=add", "write true or false")]
    [InlineData("N:x-forwarded-prefix=/$1", "without variables")]
    [InlineData("J:timeout-server=0", "is out of range; write 1ms to 24d")]
    [InlineData("N:proxy-read-timeout=0", "is out of range; write a number of seconds from 1 to 2073600")]
    [InlineData("N:proxy-read-timeout=5s", "write a whole number")]
    [InlineData("J:limit-rps=-1", "write a whole number")]
    [InlineData("H:rate-limit-requests=0", "write a whole number, 1 or more")]
    [InlineData("H:rate-limit-requests=5 & H:rate-limit-period=0", "is no time at all")]
    public void A_bad_value_costs_itself(string lines, string problem)
    {
        var reading = Reading.Of(lines);
        Assert.True(reading.Policy.IsEmpty, reading.Policy.ToString());
        Assert.Contains(problem, Assert.Single(reading.Problems).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("J:limit-rps=5 & J:limit-connections=9 & J:limit-whitelist=10.0.0.0/8", "5/1s 9 at once answer 429 not 10.0.0.0/8")]
    [InlineData("J:limit-rps=0", "")]
    [InlineData("H:rate-limit-requests=100", "100/1s answer 403")]
    [InlineData("H:rate-limit-requests=100 & H:rate-limit-period=1m & H:rate-limit-status-code=429 & H:rate-limit-whitelist=192.0.2.1", "100/60s answer 429 not 192.0.2.1/32")]
    [InlineData("H:rate-limit-requests=10 & H:rate-limit-period=5s", "20/10s answer 403")]
    [InlineData("H:rate-limit-requests=10 & H:rate-limit-period=100ms", "100/1s answer 403")]
    [InlineData("H:rate-limit-requests=48 & H:rate-limit-period=2d", "1/3600s answer 403")]
    [InlineData("N:limit-rps=10", "60/1s 650/60s answer 503")]
    [InlineData("N:limit-rps=10 & N:limit-burst-multiplier=1", "20/1s 610/60s answer 503")]
    [InlineData("N:limit-rpm=60 & N:limit-connections=3 & N:limit-whitelist=10.0.0.0/8", "360/60s 3900/3600s 3 at once answer 503 not 10.0.0.0/8")]
    [InlineData("N:limit-rps=1 & N:limit-rpm=600", "6/1s 65/60s 39000/3600s answer 503")]
    [InlineData("N:limit-rps=2147483647", "1000000000/1s 1000000000/60s answer 503")]
    public void Limits_are_of_periods_that_the_program_knows(string lines, string expected)
    {
        var limits = Reading.Policy(lines).RateLimits;
        Assert.All(limits, static limit => Assert.Contains(limit.Period, limit.Kind == RateLimitKind.Requests ? RateLimit.Periods : [TimeSpan.Zero]));
        var text = string.Join(' ', limits.Select(static limit => limit.Kind == RateLimitKind.Requests ? $"{limit.Limit}/{limit.Period.TotalSeconds}s" : $"{limit.Limit} at once"));
        Assert.Equal(expected, limits.IsEmpty ? "" : $"{text} answer {limits[0].Status}{string.Concat(limits[0].Exempt.Select(static network => $" not {network}"))}");
    }

    [Fact]
    public void A_bad_entry_exempts_nobody()
    {
        var reading = Reading.Of("J:limit-rps=5 & J:limit-whitelist=10.0.0.0/8,x");
        Assert.Equal(["10.0.0.0/8"], Assert.Single(reading.Policy.RateLimits).Exempt);
        Assert.Equal("annotation haproxy-ingress.github.io/limit-whitelist holds \"x\", which counts for nothing; write an address or a network such as 10.0.0.0/8", Assert.Single(reading.Problems).ToString());
    }

    private static string Text(RoutePolicy policy)
    {
        var parts = new List<string>();
        if (policy.Redirect is { } redirect)
            parts.Add($"{redirect.Kind} {redirect.Target} {redirect.Code}");
        if (policy.AppRoot is { } root)
            parts.Add($"root {root}");
        if (policy.MaxBodyBytes is { } bytes)
            parts.Add($"body {bytes}");
        if (policy.Hsts is { } hsts)
            parts.Add($"hsts {hsts.MaxAge} {hsts.IncludeSubDomains} {hsts.Preload}");
        if (policy.UpstreamHost is { } host)
            parts.Add($"host {host}");
        if (policy.ForwardedFor is { } forwarded)
            parts.Add($"{forwarded}");
        if (policy.ForwardedPrefix is { } prefix)
            parts.Add($"prefix {prefix}");
        AddTime("connect", policy.Timeouts?.Connect);
        AddTime("queue", policy.Timeouts?.Queue);
        AddTime("server", policy.Timeouts?.Server);
        AddTime("tunnel", policy.Timeouts?.Tunnel);
        return string.Join(' ', parts);

        void AddTime(string name, TimeSpan? time)
        {
            if (time is { } value)
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{name} {value.TotalMilliseconds}"));
        }
    }
}
