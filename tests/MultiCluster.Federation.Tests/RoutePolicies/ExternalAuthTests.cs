using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.Tests.RoutePolicies;

public sealed class ExternalAuthTests
{
    [Theory]
    [InlineData("J:auth-signin=https://a", null)]
    [InlineData("J:auth-url=http://auth.example:8080/check", "GET http://auth.example:8080/check; *; *; *; ")]
    [InlineData("J:auth-url=https://auth.example & J:auth-method=* & J:auth-headers-request=Cookie,X-* & J:auth-headers-succeed=- & J:auth-headers-fail=Location & J:auth-signin=https://a/login", "any https://auth.example; cookie x-*; ; location; https://a/login")]
    [InlineData("N:auth-url=https://192.0.2.1/x?y=z & N:auth-method=POST & N:auth-response-headers=X-User, X-Group", "POST https://192.0.2.1/x?y=z; *; x-group x-user; www-authenticate; ")]
    public void A_service_is_asked(string lines, string? expected) => Assert.Equal(expected, Text(Reading.Policy(lines).ExternalAuthentication));

    [Theory]
    [InlineData("J:auth-url=svc://shop/auth:80/x", "write http(s)://host[:port]/path")]
    [InlineData("J:auth-url=/check", "write http(s)://host[:port]/path")]
    [InlineData("J:auth-url=", "is empty")]
    [InlineData("N:auth-url=http://$arg_host/check", "without variables")]
    [InlineData("N:auth-url=http://$host:81/check", "without variables")]
    [InlineData("N:auth-url=http://$host", "without variables")]
    [InlineData("N:auth-url=http://127.0.0.1:9999/", "of the proxy's own machine")]
    [InlineData("N:auth-url=http://[::1]/", "of the proxy's own machine")]
    [InlineData("N:auth-url=http://2130706433/", "of the proxy's own machine")]
    [InlineData("N:auth-url=http://localhost/", "of the proxy's own machine")]
    [InlineData("N:auth-url=http://169.254.169.254/latest", "of the proxy's own machine")]
    [InlineData("N:auth-url=http://ann:secret@a.example/", "with a password")]
    public void Where_none_can_be_asked_everybody_is_refused(string lines, string problem)
    {
        var reading = Reading.Of(lines);
        Assert.Equal((true, null), (reading.Policy.Closed, reading.Policy.ExternalAuthentication));
        Assert.Contains(problem, Assert.Single(reading.Problems).Text, StringComparison.Ordinal);
        Assert.EndsWith("until then every request is refused", reading.Problems[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("N:auth-signin=https://a?rd=$arg_rd", "write a URL, with no variables but $scheme")]
    [InlineData("N:auth-signin=https://a/{uri}", "write a URL, with no variables but $scheme")]
    [InlineData("N:auth-request-redirect=$arg_x", "write a URL, with no variables but $scheme")]
    [InlineData("N:auth-method=get it", "write a name")]
    [InlineData("N:auth-method=get", "write a method such as GET")]
    [InlineData("N:auth-response-headers=X-A,b c", "holds \"b c\"")]
    public void What_else_cannot_be_read_costs_itself(string line, string problem)
    {
        var reading = Reading.Of($"N:auth-url=https://a.example & {line}");
        Assert.Equal("https://a.example", reading.Policy.ExternalAuthentication?.Url);
        Assert.Equal(("GET", null), (reading.Policy.ExternalAuthentication!.Method, reading.Policy.ExternalAuthentication.SignIn));
        Assert.Contains(problem, Assert.Single(reading.Problems).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://a/start", "https://a/start?rd={scheme}://{host}{escaped}")]
    [InlineData("https://a/start?x=y & N:auth-signin-redirect-param=back", "https://a/start?x=y&back={scheme}://{host}{escaped}")]
    [InlineData("https://a/start?x=y&rd=/", "https://a/start?x=y&rd=/")]
    [InlineData("$scheme://$host/start?rd=$escaped_request_uri", "{scheme}://{name}/start?rd={escaped}")]
    [InlineData("https://$http_host$request_uri?rd=$uri", "https://{host}{uri}?rd={path}")]
    public void The_page_for_signing_in_hears_where_to_come_back_to(string signIn, string expected) =>
        Assert.Equal(expected, Reading.Policy($"N:auth-url=https://a.example & N:auth-signin={signIn}").ExternalAuthentication?.SignIn);

    [Theory]
    [InlineData("N:auth-url=https://$host/oauth2/auth", "GET /oauth2/auth; *; ; www-authenticate; ")]
    [InlineData("N:auth-url=$scheme://$http_host/a?b=c", "GET /a?b=c; *; ; www-authenticate; ")]
    [InlineData("J:oauth=oauth2_proxy", "GET /oauth2/auth; *; x-auth-request-email; ; /oauth2/start?rd={escaped}")]
    [InlineData("J:oauth=oauth2-proxy & J:oauth-uri-prefix=/login/ & J:oauth-headers=X-Name,X-Auth-Request-Email:auth_response_email", "GET /login/auth; *; x-auth-request-email x-name; ; /login/start?rd={escaped}")]
    public void A_path_of_the_hosts_own_is_asked_at_the_proxy_itself(string lines, string expected) =>
        Assert.Equal(expected, Text(Reading.Policy(lines).ExternalAuthentication));

    [Theory]
    [InlineData("J:oauth=keycloak", true, null, "write oauth2_proxy")]
    [InlineData("J:oauth=oauth2_proxy & J:oauth-uri-prefix=/a{b}", true, null, "write a path of letters")]
    [InlineData("J:oauth=oauth2_proxy & J:oauth-headers=X-A,b c,X-B:var", false, "/oauth2/auth", "holds \"b c\"|holds \"X-B:var\"")]
    [InlineData("J:oauth=oauth2_proxy & J:auth-url=https://a.example", false, "https://a.example", "does not count beside auth-url")]
    public void What_of_oauth_cannot_be_read_lets_nobody_in(string lines, bool closed, string? url, string problems)
    {
        var reading = Reading.Of(lines);
        Assert.Equal((closed, url), (reading.Policy.Closed, reading.Policy.ExternalAuthentication?.Url));
        var expected = problems.Split('|');
        Assert.Equal(expected.Length, reading.Problems.Count);
        foreach (var (problem, text) in reading.Problems.Zip(expected))
            Assert.Contains(text, problem.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("N:proxy-cookie-domain=.localhost .shop.example", "localhost>shop.example")]
    [InlineData("N:proxy-cookie-path=/two/ /;", "/two/>/")]
    [InlineData("N:proxy-cookie-path=off", null)]
    [InlineData("N:proxy-cookie-path=~^/a(.*) /$1", null, "no regular expression")]
    [InlineData("N:proxy-cookie-domain=a b c", null, "write what is to be replaced and what by")]
    [InlineData("N:proxy-cookie-domain=. b", null, "write what is to be replaced and what by")]
    [InlineData("N:proxy-cookie-path=/a|b /", null, "write what is to be replaced and what by")]
    public void Cookies_are_of_elsewhere(string line, string? expected, params string[] problems)
    {
        var reading = Reading.Of(line);
        var rewrite = reading.Policy.CookieDomain ?? reading.Policy.CookiePath;
        Assert.Equal(expected, rewrite is null ? null : $"{rewrite.From}>{rewrite.To}");
        Assert.Equal(problems.Length, reading.Problems.Count);
        Assert.All(problems, problem => Assert.Contains(problem, reading.Problems[0].Text, StringComparison.Ordinal));
    }

    private static string? Text(ExternalAuthentication? auth) => auth is null ? null
        : $"{auth.Method ?? "any"} {auth.Url}; {string.Join(' ', auth.RequestHeaders)}; {string.Join(' ', auth.SuccessHeaders)}; {string.Join(' ', auth.FailureHeaders)}; {auth.SignIn}";
}
