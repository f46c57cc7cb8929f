namespace MultiCluster.Federation.Tests.RoutePolicies;

public sealed class MirrorTests
{
    [Theory]
    [InlineData("N:mirror-target=https://copies.example", "https://copies.example{uri}  True")]
    [InlineData("N:mirror-target=https://copies.example$request_uri & N:mirror-request-body=off", "https://copies.example{uri}  False")]
    [InlineData("N:mirror-target=https://copies.example:8443/$request_uri & N:mirror-host=other.example", "https://copies.example:8443/{uri} other.example True")]
    [InlineData("N:mirror-target=http://192.0.2.7/all?from=$host$escaped_request_uri & N:mirror-request-body=on", "http://192.0.2.7/all?from={name}{escaped}  True")]
    [InlineData("N:mirror-target=http://copies.example:81$request_uri", "http://copies.example:81{uri}  True")]
    [InlineData("N:mirror-target=http://copies.example$uri", "http://copies.example{path}  True")]
    [InlineData("N:mirror-host=other.example & N:mirror-request-body=off", null)]
    public void Requests_are_sent_besides(string lines, string? expected)
    {
        var reading = Reading.Of(lines);
        Assert.Empty(reading.Problems);
        Assert.Equal(expected, reading.Policy.Mirror is { } mirror ? $"{mirror.Target} {mirror.Host} {mirror.Body}" : null);
    }

    [Theory]
    [InlineData("/mirror", "write http(s)://host[:port] and a path")]
    [InlineData("$scheme://copies.example/", "write http(s)://host[:port] and a path")]
    [InlineData("https://$host/", "write http(s)://host[:port] and a path")]
    [InlineData("https://copies.example$host/", "write http(s)://host[:port] and a path")]
    [InlineData("https://copies.example?x", "write http(s)://host[:port] and a path")]
    [InlineData("https://copies.example/$arg_x", "write http(s)://host[:port] and a path")]
    [InlineData("https://copies.example/{uri}", "write http(s)://host[:port] and a path")]
    [InlineData("ftp://copies.example/", "write http(s)://host[:port] and a path")]
    [InlineData("http://127.0.0.1/", "of the proxy's own machine")]
    [InlineData("http://[::1]$request_uri", "of the proxy's own machine")]
    [InlineData("http://localhost:9070$request_uri", "of the proxy's own machine")]
    [InlineData("http://169.254.169.254/latest", "of the proxy's own machine")]
    [InlineData("http://a:b@copies.example/", "with a password")]
    [InlineData("http://copies.example/\"x", "printable ASCII")]
    public void What_is_no_target_sends_nothing(string target, string problem)
    {
        var reading = Reading.Of($"N:mirror-target={target} & N:app-root=/shop");
        Assert.Equal((null, "/shop"), (reading.Policy.Mirror, reading.Policy.AppRoot));
        Assert.Contains(problem, Assert.Single(reading.Problems).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_host_is_the_targets()
    {
        var reading = Reading.Of("N:mirror-target=https://copies.example & N:mirror-host=$host");
        Assert.Equal(("https://copies.example{uri}", null), (reading.Policy.Mirror!.Target, reading.Policy.Mirror.Host));
        Assert.Single(reading.Problems);
    }
}
