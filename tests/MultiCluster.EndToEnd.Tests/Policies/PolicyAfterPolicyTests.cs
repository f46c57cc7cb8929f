using System.Collections.Concurrent;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;
using Xunit.Abstractions;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>One Ingress gets one policy after the other while requests come.</summary>
[Collection(PolicyDefinition.Name)]
public sealed class PolicyAfterPolicyTests(PolicyWorlds worlds, ITestOutputHelper output)
{
    private const string Namespace = "following";
    private const string Host = "following.policies.test";

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task No_request_fails_while_an_Ingress_gets_one_policy_after_the_other(HAProxyBinary binary)
    {
        var world = await worlds.GetAsync(binary);
        var plain = PolicyCases.All[0].Plain with { HasTls = false, Route = ("/", "Prefix") };
        await world.Members[0].ApplyAsync(Yaml.Join(
            Yaml.Service(Namespace, "app"), Yaml.Slice(Namespace, "app", world.Pods.Port, world.Pods.New(1, world.Members[0].Name, Namespace, "app")), Ingress(plain)));
        await world.Product.UntilServiceAsync($"http://{Host}/", "app");

        var answers = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 4).Select(_ => Task.Run(() => AskUntilAsync(world, answers, stop.Token))).ToList();
        var steps = 0;
        // Of those whose objects are all there.
        foreach (var item in worlds.CasesOf(binary).Where(static item => item.Objects.Count == 0 && item.More.All(static path => path.Service == "app") && item.Exchanges.All(static exchange => exchange.Status < 500)))
        {
            // Two cases may have one policy; a path of its own tells that this one has come through.
            var before = (await world.Product.ProxyAsync()).DesiredVersion;
            await world.Members[0].ApplyAsync(Ingress(item, $"/step-{++steps}"));
            await Await.NothingMissingAsync(async () => await world.Product.ProxyAsync() is var view && view.DesiredVersion > before && view.AppliedVersion == view.DesiredVersion
                ? null
                : $"that HAProxy has the policies of \"{item}\"");
        }

        await world.Members[0].ApplyAsync(Ingress(plain));
        await world.Product.UntilServiceAsync($"http://{Host}/", "app");
        await stop.CancelAsync();
        await Task.WhenAll(load);

        output.WriteLine($"policies haproxy={binary.Version} changes={steps} answers={string.Join(' ', answers.OrderBy(static item => item.Key, StringComparer.Ordinal).Select(static item => $"{item.Key}:{item.Value}"))}");
        Assert.DoesNotContain(answers.Keys, static answer => answer.StartsWith('5') || !char.IsAsciiDigit(answer[0]));
        await world.AssertUndisturbedAsync();
    }

    private static string Ingress(PolicyCase item, string path = "/step") => PolicyWorlds.Ingress(item, Namespace, Host, path);

    private static async Task AskUntilAsync(FederatedWorld world, ConcurrentDictionary<string, int> answers, CancellationToken stop)
    {
        using var client = new ProxyClient(world.Product.Setting.Http, world.Product.Setting.Https);
        while (!stop.IsCancellationRequested)
        {
            string answer;
            try
            {
                answer = $"{(int)(await client.GetAsync($"http://{Host}/")).Status}";
            }
            catch (HttpRequestException failure)
            {
                answer = failure.Message;
            }

            answers.AddOrUpdate(answer, 1, static (_, count) => count + 1);
        }
    }
}
