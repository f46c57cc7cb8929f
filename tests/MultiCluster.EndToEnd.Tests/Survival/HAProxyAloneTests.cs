using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Survival;

/// <summary>HAProxy without controller and agent: its own program, by its own checks, leaves out a member that is dead.</summary>
public sealed class HAProxyAloneTests
{
    private const string Namespace = "alone";
    private const int Requests = 200;

    private static readonly (string Host, Policy[] Policies)[] Routes =
    [
        ("weights.test", [new Policy("cluster-weights", "aws=80,gcp=20")]),
        ("priorities.test", [new Policy("cluster-priorities", "aws=0,gcp=1")]),
        ("spills.test", [new Policy("cluster-priorities", "aws=0,gcp=1"), new Policy("max-connections-per-endpoint", "100")]),
        ("cookies.test", [new Policy("cluster-weights", "aws=50,gcp=50"), new Policy("session-affinity", "Cookie")]),
    ];

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task It_leaves_out_a_member_that_dies_and_takes_it_back(HAProxyBinary binary)
    {
        IReadOnlyList<FederatedMember> members = [await FederatedMember.StartAsync("aws"), await FederatedMember.StartAsync("gcp")];
        var setting = new Setting(binary, members) { PoolSize = 64, More = FederatedWorld.Times };
        await using var pods = await EchoPods.StartAsync();
        var gates = members.ToDictionary(static member => member.Name, member => Enumerable.Range(0, 3).Select(_ => new PodGate(pods, member.Name, Namespace, "web")).ToList());
        var agent = ProductProcess.Start(setting);
        try
        {
            foreach (var member in members)
                await member.ApplyAsync(Manifests(gates[member.Name], pods.Port));
            await agent.WhenReadyAsync();
            using var client = new ProxyClient(setting.Http, setting.Https);
            foreach (var (host, _) in Routes)
                await ShareState.UntilAsync(setting.AdminListen, $"http://{host}/", static held => held.ContainsKey("aws"), "a share of aws");
            var all = await HAProxyFiles.AllServersAsync(setting.StateDirectory);
            Assert.All(gates.Values.SelectMany(static of => of), gate => Assert.Contains(all, server => IsOf(server, gate, pods.Port)));
            await UntilUpAsync(setting, all);
            var master = await setting.MasterAsync();

            await agent.KillAsync();
            foreach (var (dies, lives) in ((string, string)[])[("aws", "gcp"), ("gcp", "aws")])
            {
                foreach (var gate in gates[dies])
                    await gate.KillAsync();
                await UntilUpAsync(setting, all.Where(server => !gates[dies].Exists(gate => IsOf(server, gate, pods.Port))));
                foreach (var (host, _) in Routes)
                    await AssertOnlyAsync(client, $"http://{host}/", lives);
                gates[dies].ForEach(static gate => gate.Revive());
                await UntilUpAsync(setting, all);
            }

            // And back: who was dead has what it had.
            await Shares.UntilSeenAsync(client, "http://weights.test/", "aws", "gcp");
            await AssertOnlyAsync(client, "http://priorities.test/", "aws");
            Assert.Equal(master, await setting.MasterAsync());
            Assert.True(master!.Value.IsAlive, "the HAProxy of the start has ended");
        }
        finally
        {
            await agent.DisposeAsync();
            await setting.StopHAProxyAsync();
            foreach (var gate in gates.Values.SelectMany(static of => of))
                await gate.DisposeAsync();
        }
    }

    private static bool IsOf(string server, PodGate gate, int port) => server.EndsWith($" {gate.Pod.Address}:{port}", StringComparison.Ordinal);

    /// <summary>Until by its own word HAProxy sends to these and no others.</summary>
    private static Task UntilUpAsync(Setting setting, IEnumerable<string> wanted) => Await.NothingMissingAsync(async () =>
    {
        var servers = await HAProxyFiles.ServersAsync(setting.StateDirectory);
        return servers.SequenceEqual(wanted) ? null : $"that HAProxy finds just {string.Join(", ", wanted)} alive; it says {string.Join(", ", servers)}";
    });

    private static async Task AssertOnlyAsync(ProxyClient client, string url, string member)
    {
        for (var i = 0; i < Requests; i++)
        {
            var answer = await client.GetAsync(url);
            Assert.True(answer.Echo?.Member == member, $"request {i} of {url} is one for {member}; the answer is {answer}");
        }
    }

    private static string Manifests(IReadOnlyList<PodGate> gates, int port) => Yaml.Join(
    [
        Yaml.IngressClass(Yaml.Class),
        Yaml.Service(Namespace, "web"),
        Yaml.Slice(Namespace, "web", port, gates.Select(static gate => gate.Pod)),
        .. Routes.Select(static route => FederatedYaml.Ingress(Namespace, route.Host.Split('.')[0], route.Host, "web", route.Policies)),
    ]);
}
