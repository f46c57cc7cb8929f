using System.Globalization;
using MultiCluster.Federation.Settings;

namespace MultiCluster.Federation.Tests.RoutePolicies;

public sealed class HttpsTests
{
    [Theory]
    [InlineData("", true, null)]
    [InlineData("N:proxy-body-size=1m & J:maxconn-server=5 & H:timeout-server=5s", true, null)]
    [InlineData("J:ssl-redirect=true", true, "302")]
    [InlineData("J:ssl-redirect=true", false, null)]
    [InlineData("J:ssl-redirect=false", true, null)]
    [InlineData("H:ssl-redirect=true", false, "302")]
    [InlineData("H:ssl-redirect=off & H:ssl-redirect-code=301", true, null)]
    [InlineData("H:ssl-redirect=on & H:ssl-redirect-code=301 & H:ssl-redirect-port=8443", true, "301:8443")]
    [InlineData("H:ssl-redirect=true & H:ssl-redirect-port=443", true, "302")]
    [InlineData("H:ssl-redirect-code=303", true, "303")]
    [InlineData("H:ssl-redirect-code=303", false, null)]
    [InlineData("N:ssl-redirect=true", true, "308")]
    [InlineData("N:ssl-redirect=true", false, null)]
    [InlineData("N:ssl-redirect=false & N:force-ssl-redirect=true", false, "308")]
    [InlineData("N:force-ssl-redirect=false", true, null)]
    public void Only_a_key_that_speaks_of_it_redirects(string lines, bool hasTls, string? expected)
    {
        var redirect = Reading.Policy(lines, Reading.Context(tls: hasTls)).HttpsRedirect;
        Assert.Equal(expected, redirect is null ? null : redirect.Port is { } port ? $"{redirect.Code}:{port}" : $"{redirect.Code}");
    }

    /// <summary>As the configuration has it unless it is written otherwise.</summary>
    [Theory]
    [InlineData("N:force-ssl-redirect=false", true, "308")]
    [InlineData("N:force-ssl-redirect=false", false, null)]
    [InlineData("N:force-ssl-redirect=true", false, "308")]
    [InlineData("N:ssl-redirect=false", true, null)]
    [InlineData("N:ssl-redirect=false & N:force-ssl-redirect=false", true, null)]
    [InlineData("N:ssl-redirect=true", true, "308")]
    [InlineData("J:ssl-redirect=false", true, null)]
    [InlineData("N:proxy-body-size=1m", true, "302")]
    public void Hosts_with_tls_are_redirected_unless_a_key_says_that_they_are_not(string lines, bool hasTls, string? expected)
    {
        var context = Reading.Context(tls: hasTls) with { Defaults = IngressDefaults.None with { RedirectsToHttps = true } };
        Assert.Equal(expected, Reading.Policy(lines, context).HttpsRedirect?.Code.ToString(CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("H:ssl-redirect=maybe", "annotation haproxy.org/ssl-redirect is \"maybe\"; write true or false")]
    [InlineData("H:ssl-redirect-code=200", "annotation haproxy.org/ssl-redirect-code is \"200\"; write 301, 302 or 303")]
    [InlineData("N:ssl-redirect=1.0", "annotation nginx.ingress.kubernetes.io/ssl-redirect is \"1.0\"; write true or false")]
    public void A_bad_value_redirects_nothing(string lines, string problem)
    {
        var reading = Reading.Of(lines);
        Assert.Null(reading.Policy.HttpsRedirect);
        Assert.Equal(problem, Assert.Single(reading.Problems).ToString());
    }
}
