using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Conformance;

/// <summary>What a world holds from its start.</summary>
internal enum Content
{
    /// <summary>Host rules, path rules and an Ingress of an unknown class.</summary>
    Rules,

    /// <summary>An Ingress with only a default backend, which would answer where the rules want a 404.</summary>
    DefaultBackend,
}

/// <summary>A product on one HAProxy version, fed from one source by two members, aws and gcp, with pods in both.</summary>
internal sealed record World(Product Product, EchoPods Pods, IMemberDriver Aws, IMemberDriver Gcp) : IAsyncDisposable
{
    public IMemberDriver[] Members => [Aws, Gcp];

    /// <summary>A Service of the same name in both members.</summary>
    /// <returns>Its pods.</returns>
    public async Task<IReadOnlyList<Pod>> AddServiceAsync(string ns, string service, int podsPerMember = 1)
    {
        var all = new List<Pod>();
        foreach (var member in Members)
            all.AddRange(await AddServiceAsync(member, ns, service, podsPerMember));
        return all;
    }

    public async Task<IReadOnlyList<Pod>> AddServiceAsync(IMemberDriver member, string ns, string service, int pods = 1)
    {
        var made = Pods.New(pods, member.Name, ns, service);
        await member.ApplyAsync(Yaml.Join(Yaml.Service(ns, service), Yaml.Slice(ns, service, Pods.Port, made)));
        return made;
    }

    public async ValueTask DisposeAsync()
    {
        await Product.DisposeAsync();
        await Pods.DisposeAsync();
    }

    public async Task ApplyToAllAsync(string manifests)
    {
        foreach (var member in Members)
            await member.ApplyAsync(manifests);
    }
}

/// <summary>Starts each world when it is first asked for and keeps it for all tests of the collection.</summary>
public sealed class Worlds : IAsyncLifetime
{
    // Tests of a collection run one at a time.
    private readonly Dictionary<(HAProxyBinary Binary, Source Source, Content Content), World> _worlds = [];

    /// <summary>Every HAProxy version with both sources.</summary>
    public static IEnumerable<object[]> All =>
        from binary in HAProxyBinaries.List
        from source in Enum.GetValues<Source>()
        select new object[] { binary, source };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var world in _worlds.Values)
            await world.DisposeAsync();
    }

    internal async Task<World> GetAsync(HAProxyBinary binary, Source source, Content content = Content.Rules)
    {
        if (!_worlds.TryGetValue((binary, source, content), out var world))
            _worlds[(binary, source, content)] = world = await StartAsync(binary, source, content);
        return world;
    }

    private static async Task<World> StartAsync(HAProxyBinary binary, Source source, Content content)
    {
        var folder = Directory.CreateTempSubdirectory("mc-e2e-").FullName;
        var aws = await MemberDriver.StartAsync(source, "aws", folder);
        var gcp = await MemberDriver.StartAsync(source, "gcp", folder);
        var product = await Product.StartAsync(new Setting(binary, [aws, gcp]) { Folder = folder });
        var world = new World(product, await EchoPods.StartAsync(), aws, gcp);
        try
        {
            await FillAsync(world, content);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    private static async Task FillAsync(World world, Content content)
    {
        // The default class only in aws.
        await world.Aws.ApplyAsync(Yaml.IngressClass(Yaml.Class, isDefault: true));
        await world.Gcp.ApplyAsync(Yaml.IngressClass(Yaml.Class));
        if (content == Content.Rules)
            await RuleObjects.ApplyAsync(world);
        else
            await DefaultBackendObjects.ApplyAsync(world);
    }
}

[CollectionDefinition(Name)]
public sealed class WorldsDefinition : ICollectionFixture<Worlds>
{
    public const string Name = "worlds";
}
