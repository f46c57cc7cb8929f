using System.Text.Json;
using MultiCluster.Controller.Admin;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>Two members, and a product for each version of HAProxy, for tests in which several Ingresses share a host and path.</summary>
public sealed class ChoiceWorlds : IAsyncLifetime
{
    // Tests of a collection run one at a time.
    private readonly Dictionary<HAProxyBinary, FederatedWorld> _worlds = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var world in _worlds.Values)
            await world.DisposeAsync();
    }

    internal async Task<FederatedWorld> GetAsync(HAProxyBinary binary)
    {
        if (!_worlds.TryGetValue(binary, out var world))
            _worlds[binary] = world = await FederatedWorld.StartAsync(binary, [await FederatedMember.StartAsync("aws"), await FederatedMember.StartAsync("gcp")], "endpoints.pod-labels = [group]", pods: 60);
        return world;
    }

    internal IReadOnlyCollection<FederatedWorld> Started => _worlds.Values;
}

[CollectionDefinition(Name)]
public sealed class ChoiceDefinition : ICollectionFixture<ChoiceWorlds>
{
    public const string Name = "choice worlds";
}

/// <summary>A test on such a world: it leaves nothing behind, and has not disturbed HAProxy.</summary>
[Collection(ChoiceDefinition.Name)]
public abstract class ChoiceTest(ChoiceWorlds worlds) : IAsyncLifetime
{
    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var world in worlds.Started)
        {
            await world.ClearAsync();
            await world.AssertUndisturbedAsync();
        }
    }

    internal Task<FederatedWorld> WorldAsync(HAProxyBinary binary) => worlds.GetAsync(binary);

    /// <summary>Everything of a host to one Service.</summary>
    internal static string Ingress(string ns, string service, int day, params (string Name, string Value)[] annotations) =>
        Annotate(Yaml.Ingress(ns, service, $"{ns}.test", [Yaml.Path("/", "Prefix", service)], created: $"2025-01-{day:00}T00:00:00Z"), annotations);

    internal static string Annotate(string manifest, params (string Name, string Value)[] annotations)
    {
        const string Metadata = "metadata: {";
        var text = string.Join(", ", annotations.Select(static item => $"{item.Name}: {JsonSerializer.Serialize(item.Value)}"));
        return annotations.Length == 0 ? manifest : manifest.Insert(manifest.IndexOf(Metadata, StringComparison.Ordinal) + Metadata.Length, $"annotations: {{{text}}}, ");
    }

    /// <summary>Who answers; a status where nobody does.</summary>
    internal static async Task<string> ServiceAsync(FederatedWorld world, string ns, params (string Name, string Value)[] headers) =>
        Who(await SendAsync(world, $"http://{ns}.test/", headers), static echo => echo.Service);

    internal static string Who(Answer answer, Func<EchoAnswer, string> of) => answer.Echo is { } echo ? of(echo) : $"{(int)answer.Status}";

    internal static Task<Answer> SendAsync(FederatedWorld world, string url, (string Name, string Value)[] headers, string method = "GET") =>
        world.Product.Client.SendAsync(new HttpMethod(method), url, sent =>
        {
            foreach (var (name, value) in headers)
                sent.TryAddWithoutValidation(name, value);
        });

    /// <summary>Who will answer, as "explain" tells it; of several the likeliest.</summary>
    internal static async Task<string> ExplainedAsync(FederatedWorld world, string url, (string Name, string Value)[] headers, string method = "GET")
    {
        var question = ExplainQuestion.Read(url, method, headers.Select(static header => $"{header.Name}: {header.Value}"), "127.0.0.1", out _);
        var view = await world.Product.Admin.ExplainAsync(question!, CancellationToken.None);
        return view.Takers.MaxBy(static taker => taker.Percent)?.Route?.Backend.Split('/', ':')[1] ?? $"{view.Status}";
    }

    /// <summary>Until it is so, since nothing else tells that a condition has come through.</summary>
    internal static Task UntilAsync(FederatedWorld world, string ns, string service, params (string Name, string Value)[] headers) => Await.NothingMissingAsync(async () =>
        await ServiceAsync(world, ns, headers) is var found && found == service ? null : $"that {service} answers {ns} with {string.Join(", ", headers)}; it is {found}");
}
