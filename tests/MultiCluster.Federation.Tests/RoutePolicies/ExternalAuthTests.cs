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
    [InlineData("N:auth-url=http://$host/check", "without variables")]
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
    [InlineData("N:auth-signin=https://a?rd=$escaped_request_uri", "write a URL without variables")]
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

    private static string? Text(ExternalAuthentication? auth) => auth is null ? null
        : $"{auth.Method ?? "any"} {auth.Url}; {string.Join(' ', auth.RequestHeaders)}; {string.Join(' ', auth.SuccessHeaders)}; {string.Join(' ', auth.FailureHeaders)}; {auth.SignIn}";
}
