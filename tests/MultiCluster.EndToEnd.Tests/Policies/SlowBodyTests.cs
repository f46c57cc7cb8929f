using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>Clients that take their time to send a body.</summary>
[Collection(PolicyDefinition.Name)]
public sealed class SlowBodyTests(PolicyWorlds worlds)
{
    [Fact]
    public async Task A_body_that_is_copied_may_be_as_slow_as_any()
    {
        foreach (var binary in HAProxyBinaries.List)
        {
            var world = await worlds.GetAsync(binary);
            if (worlds.CasesOf(binary).FirstOrDefault(static item => item.File == "mirrors") is not { } item)
                continue;
            var (status, body) = await world.Product.Client.ExchangeRawAsync(
                $"POST /a HTTP/1.1\r\nHost: {item.Host}\r\nContent-Length: 10\r\nConnection: close\r\n\r\nabc", "defghij", TimeSpan.FromSeconds(1.5));
            Assert.True(status == 200, $"{binary}: {status} {body}");
        }
    }
}
