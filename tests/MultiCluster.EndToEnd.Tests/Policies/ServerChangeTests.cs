using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;
using Xunit.Abstractions;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>What is said of servers is taken back and said again, while requests come.</summary>
[Collection(ServerDefinition.Name)]
public sealed class ServerChangeTests(ServerWorlds worlds, ITestOutputHelper output)
{
    /// <summary>Cases that change at once.</summary>
    private const int AtOnce = 32;

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task No_request_fails_while_Ingresses_lose_what_they_say_of_servers_and_get_it(HAProxyBinary binary)
    {
        var (world, listening) = await worlds.GetAsync(binary);
        var member = world[ServerWorlds.Member];
        await using var load = await ChangeLoad.StartAsync(world, member);
        foreach (var batch in Enumerable.Range(0, ServerCase.All.Count).Where(static number => IsWhole(ServerCase.All[number])).Chunk(AtOnce))
        {
            await load.WatchAsync(batch.Select(number => Target(world, number)));
            foreach (var number in batch)
                await member.ApplyAsync(worlds.Manifests(number, listening[number], ServerCase.All[number].Instead));
            await load.StepAsync();
            await load.LookAtPlainAsync();
            foreach (var number in batch)
                await member.ApplyAsync(worlds.Manifests(number, listening[number], ServerCase.All[number].Annotations));
            await load.StepAsync();
            await load.RoundAsync();
        }

        await load.AssertNoneFailedAsync();
        output.WriteLine($"servers haproxy={binary.Version} answers={load.Answers}");
        await world.AssertUndisturbedAsync();
    }

    /// <summary>One object says all, so that at no time half of it counts. The same keys have cases of Ingresses.</summary>
    internal static bool IsWhole(ServerCase item) => !item.OfService || !item.IsOtherwiseAsked;

    private static ChangeTarget Target(FederatedWorld world, int number)
    {
        var item = ServerCase.All[number];
        int[] wanted = item.Effect is ServerEffect.DownPod or ServerEffect.SickPod ? [200, 503] : item is { Effect: ServerEffect.Tls, Detail: PodTls.Nobody } ? [503] : [200];
        return new ChangeTarget(
            $"{item}", wanted, () => new ProxyClient(world.Product.Setting.Http, world.Product.Setting.Https), client => client.GetAsync($"http://{ServerWorlds.Host(number)}/"));
    }
}
