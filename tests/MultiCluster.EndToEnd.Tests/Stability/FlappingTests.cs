using MultiCluster.EndToEnd.Tests.Support;

namespace MultiCluster.EndToEnd.Tests.Stability;

/// <summary>P9: a pod in a crash loop is ready for a moment again and again.</summary>
public sealed class FlappingTests(StabilityWorld stability) : StabilityTest(stability), IClassFixture<StabilityWorld>
{
    [Fact]
    public async Task P9_a_pod_that_comes_and_goes_waits_longer_each_time_and_is_taken_again_when_it_stays()
    {
        var pods = await World.AddServiceAsync("p9", "web", ("aws", 3));
        await World.ApplyToAllAsync(FederatedYaml.Ingress("p9", "web", "p9.test", "web"));
        await World.UntilMembersAsync("http://p9.test/", "aws");
        await UntilEndpointsAsync(3);
        await using var load = Load.Start(World.Product.Setting, "http://p9.test/", "web", clients: 1);

        for (var i = 1; i <= 7; i++)
        {
            await ApplyAsync(pods.Take(2));
            await UntilEndpointsAsync(2);
            await Await.TrueAsync(async () => !await WaitsAsync(), "the end of the condition Flapping with the pod");
            await ApplyAsync(pods);
            if (i <= 3)
                await UntilEndpointsAsync(3);
            else
                await Await.TrueAsync(async () => await WaitsAsync() || await EndpointsAsync() == 3, "news of the pod's return");
        }

        // Seven returns: it waits for 8 s, which is time enough to see that it gets nothing.
        var condition = await World.Product.UntilConditionAsync("p9", "web", "aws", "PartiallyInvalid", "Flapping");
        Assert.Contains($"pod {pods[2].Name} at {pods[2].Address} became ready", condition.Message, StringComparison.Ordinal);
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => World.Product.Client.GetAsync("http://p9.test/")));
        Assert.DoesNotContain(pods[2].Name, answers.Select(static answer => answer.Echo?.Pod));
        Assert.True(await WaitsAsync(), "the machine was too slow to look before the wait of 8 s was over");

        await UntilEndpointsAsync(3);
        await World.Product.UntilAsync("http://p9.test/", answer => answer.Echo?.Pod == pods[2].Name, $"the pod {pods[2].Name}, which has stayed");
        await load.AssertNoneFailedAsync();
    }

    private Task ApplyAsync(IEnumerable<Pod> pods) => Aws.ApplyAsync(Yaml.Slice("p9", "web", World.Pods.Port, pods));

    private Task UntilEndpointsAsync(int count) => Await.NothingMissingAsync(
        async () => await EndpointsAsync() is var now && now == count ? null : $"{count} endpoints, not {now}");

    private async Task<int?> EndpointsAsync() =>
        (await World.Product.BackendsAsync("p9/web")).SelectMany(static backend => backend.Shares).SingleOrDefault()?.Endpoints;

    private async Task<bool> WaitsAsync() =>
        (await World.Product.IngressAsync("p9", "web"))!.Conditions.Any(static condition => condition.Reason == "Flapping");
}
