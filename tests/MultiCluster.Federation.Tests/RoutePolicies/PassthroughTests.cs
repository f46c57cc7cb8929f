using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.Tests.RoutePolicies;

public sealed class PassthroughTests
{
    [Theory]
    [InlineData("J:ssl-passthrough=true", null, 302)]
    [InlineData("H:ssl-passthrough=true", null, 302)]
    [InlineData("sH:ssl-passthrough=true", null, 302)]
    [InlineData("N:ssl-passthrough=true", null, 308)]
    [InlineData("N:ssl-passthrough=true & N:ssl-redirect=false", null, null)]
    [InlineData("J:ssl-passthrough=true & J:ssl-passthrough-http-port=8080", 8080, null)]
    public void TLS_of_the_host_is_passed_on(string lines, int? port, int? code)
    {
        var policy = Reading.Policy(lines, Reading.Context(path: ""));
        Assert.Equal((new TlsPassthrough(port), code), (policy.TlsPassthrough, policy.HttpsRedirect?.Code));
    }

    [Theory]
    [InlineData("J:ssl-passthrough=true", "/cart")]
    [InlineData("J:ssl-passthrough=false", "")]
    [InlineData("J:ssl-passthrough-http-port=8080", "")]
    public void Other_paths_and_no_have_none(string lines, string path) => Assert.Equal(RoutePolicy.None, Reading.Policy(lines, Reading.Context(path: path)));

    [Fact]
    public void Rules_about_who_may_ask_keep_it_back()
    {
        var reading = Reading.Of("N:ssl-passthrough=true & N:allowlist-source-range=10.0.0.0/8", Reading.Context(path: ""));
        Assert.Null(reading.Policy.TlsPassthrough);
        Assert.Contains("stands beside rules about who may ask", Assert.Single(reading.Problems).Text, StringComparison.Ordinal);
    }
}
