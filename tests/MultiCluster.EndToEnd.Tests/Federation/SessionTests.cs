using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Federation;

/// <summary>Sessions that cookies bind, with a client that keeps cookies as browsers do: by name, the last one counts.</summary>
public sealed class SessionTests(FederatedWorlds worlds) : FederatedTest(worlds)
{
    private static readonly string[] Services = ["cart", "pay"];

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task Two_Services_of_one_host_keep_each_its_own_session(HAProxyBinary binary)
    {
        var world = await WorldAsync(binary);
        foreach (var service in Services)
            await world.AddServiceAsync("bound", service, ("aws", 3), ("gcp", 3));
        var ingress = Yaml.Ingress("bound", "shop", "bound.test", Services.Select(static service => Yaml.Path($"/{service}", "Prefix", service)));
        await world.ApplyToAllAsync(FederatedYaml.Annotate(ingress, new Policy("session-affinity", "Cookie")));
        foreach (var service in Services)
            await world.UntilMembersAsync($"http://bound.test/{service}", "aws", "gcp");

        foreach (var scheme in (string[])["http", "https"])
        {
            var jar = new Dictionary<string, string>(StringComparer.Ordinal);
            var bound = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var i = 0; i < 24; i++)
            {
                var service = Services[i % 2];
                var answer = await AskAsync(world, $"{scheme}://bound.test/{service}", jar, isTls: scheme == "https");
                Assert.Equal(service, answer.Service);
                Assert.Equal(bound.GetValueOrDefault(service, answer.Echo!.Pod), answer.Echo!.Pod);
                bound[service] = answer.Echo.Pod;
            }

            // Of each Service one for the member and one for the endpoint.
            Assert.Equal(4, jar.Count);
        }
    }

    private static async Task<Answer> AskAsync(FederatedWorld world, string url, Dictionary<string, string> jar, bool isTls)
    {
        var cookies = string.Join("; ", jar.Select(static cookie => $"{cookie.Key}={cookie.Value}"));
        var answer = await world.Product.Client.SendAsync(HttpMethod.Get, url, headers =>
        {
            if (cookies.Length > 0)
                headers.Add("Cookie", cookies);
        });
        foreach (var cookie in answer.Headers.GetValueOrDefault("Set-Cookie")?.Split(", ") ?? [])
        {
            var parts = cookie.Split("; ");
            Assert.Equal(isTls ? ["HttpOnly", "SameSite=Lax", "Secure", "path=/"] : ["HttpOnly", "SameSite=Lax", "path=/"], parts[1..].Order(StringComparer.Ordinal));
            var (name, value) = (parts[0][..parts[0].IndexOf('=', StringComparison.Ordinal)], parts[0][(parts[0].IndexOf('=', StringComparison.Ordinal) + 1)..]);
            Assert.Matches("^mc-(cluster|endpoint)-[0-9a-f]{8}$", name);
            jar[name] = value;
        }

        return answer;
    }
}
