using MultiCluster.Controller.Admin;
using MultiCluster.EndToEnd.Tests.Conformance;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Hostile;

/// <summary>Requests made to reach another route's backend than documented, byte by byte, over HTTP/1.</summary>
[Collection(WorldsDefinition.Name)]
public sealed class RequestHygieneTests(Worlds worlds)
{
    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task A_request_reaches_the_route_it_names_or_none(HAProxyBinary binary)
    {
        var world = await HygieneTable.WorldAsync(worlds, binary);
        var wrong = new List<string>();
        foreach (var (host, target, status, service) in HygieneTable.Rows)
        {
            var (got, body) = await world.Product.Client.ExchangeRawAsync($"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            if (got != status || EchoPods.Read(body)?.Service != service || (status == 400 && !ProxyClient.IsRefusalOfTheProxy(body)))
                wrong.Add($"Host: {host}, {target} -> {status} {service}; it is {got} \"{body}\"");
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task Explain_says_of_a_path_what_the_proxy_does(HAProxyBinary binary)
    {
        var world = await HygieneTable.WorldAsync(worlds, binary);
        foreach (var (_, target, status, service) in HygieneTable.Rows.Where(static row => row.Host == HygieneTable.Host && row.Target.StartsWith('/')))
        {
            var explained = await world.Product.Admin.ExplainAsync(ExplainQuestion.Read($"http://{HygieneTable.Host}{target}", null, [], null, out _)!, CancellationToken.None);
            var expected = (status switch { 400 => "BadRequest", 404 => "NoRoute", _ => "Route" }, service is null ? null : $"{HygieneTable.Namespace}/{service}:8080");
            Assert.Equal((target, expected.Item1, expected.Item2), (target, explained.Outcome, explained.Route?.Backend));
        }
    }

    [Theory]
    [InlineData(400, "GET /admin HTTP/1.1\r\nConnection: close\r\n\r\n")]
    [InlineData(400, "GET /admin HTTP/1.1\r\nHost: hygiene.test\r\nHost: other.test\r\nConnection: close\r\n\r\n")]
    [InlineData(400, "GET http://hygiene.test/admin HTTP/1.1\r\nHost: other.test\r\nConnection: close\r\n\r\n")]
    [InlineData(400, "GET /adm\u00efn HTTP/1.1\r\nHost: hygiene.test\r\nConnection: close\r\n\r\n")]
    [InlineData(405, "CONNECT hygiene.test:443 HTTP/1.1\r\nHost: hygiene.test:443\r\nConnection: close\r\n\r\n")]
    [InlineData(405, "CONNECT hygiene.test:443 HTTP/1.1\r\nHost: hygiene.test\r\nConnection: close\r\n\r\n")]
    [InlineData(400, "CONNECT hygiene.test:443 HTTP/1.1\r\nHost: other.test:443\r\nConnection: close\r\n\r\n")]
    [InlineData(400, "CONNECT hygiene.test HTTP/1.1\r\nHost: hygiene.test\r\nConnection: close\r\n\r\n")]
    [InlineData(400, "CONNECT /admin HTTP/1.1\r\nHost: hygiene.test\r\nConnection: close\r\n\r\n")]
    [InlineData(400, "CONNECT http://hygiene.test/admin HTTP/1.1\r\nHost: hygiene.test\r\nConnection: close\r\n\r\n")]
    public async Task A_malformed_request_is_refused_and_reaches_no_pod(int refusal, string request)
    {
        foreach (var binary in HAProxyBinaries.List)
        {
            var world = await HygieneTable.WorldAsync(worlds, binary);
            using var arrivals = Arrivals.Watch(world.Pods);
            var (status, body) = await world.Product.Client.ExchangeRawAsync(request);
            Assert.Equal((binary, refusal, true), (binary, status, ProxyClient.IsRefusalOfTheProxy(body)));
            Assert.Empty(arrivals.Seen);
        }
    }

    /// <summary>Within a path, and at the end, where one of them would stand for the end mark of an Exact key.</summary>
    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task A_control_character_is_refused(HAProxyBinary binary)
    {
        var world = await HygieneTable.WorldAsync(worlds, binary);
        using var arrivals = Arrivals.Watch(world.Pods);
        var wrong = new List<string>();
        // A bare line feed ends the line; a tab before the blank is blank, too.
        foreach (var c in HygieneTable.ControlCharacters.Where(static c => c != '\n'))
        {
            foreach (var target in new[] { $"/exact/{c}", $"/admin/a{c}b" }.Where(static target => !target.EndsWith('\t')))
            {
                var (status, body) = await world.Product.Client.ExchangeRawAsync($"GET {target} HTTP/1.1\r\nHost: {HygieneTable.Host}\r\nConnection: close\r\n\r\n");
                if (status != 400 || !ProxyClient.IsRefusalOfTheProxy(body))
                    wrong.Add($"{(int)c:x2} in {target} -> 400; it is {status} \"{body}\"");
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.Empty(arrivals.Seen);
    }
}
