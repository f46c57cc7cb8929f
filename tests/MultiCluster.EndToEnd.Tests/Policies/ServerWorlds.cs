using System.Globalization;
using System.Net;
using System.Text.Json;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>A product for each version of HAProxy with the objects of all <see cref="ServerCase"/>s. Nothing waits long.</summary>
public sealed class ServerWorlds : IAsyncLifetime
{
    internal const string Member = "aws";
    private const int Pods = 4;

    private const string Times = """
        haproxy.timeouts.queue = 500ms
        haproxy.health-checks { interval = 2s, fall = 50, rise = 50, addresses = ["127.0.0.0/8"] }
        """;

    // Tests of a collection run one at a time.
    private readonly Dictionary<HAProxyBinary, (FederatedWorld World, IReadOnlyList<ListeningPod> Listening)> _worlds = [];
    // Of each case, by its own pod.
    private readonly Dictionary<ListeningPod, string> _services = [];

    private static int Routes => ServerCase.All.Count + ServerCase.All.Count(static item => item.Annotations.Any(static one => one.Value == ServerCase.SecondHost));

    private SpeakingPod _speaking = null!;

    internal PodTls Tls { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _speaking = await SpeakingPod.StartAsync();
        Tls = new PodTls(_speaking.Authority);
    }

    public async Task DisposeAsync()
    {
        foreach (var (world, listening) in _worlds.Values)
        {
            await world.DisposeAsync();
            foreach (var pod in listening)
                await pod.DisposeAsync();
        }

        Tls.Dispose();
        await _speaking.DisposeAsync();
    }

    /// <summary>With a pod that listens for each case.</summary>
    internal async Task<(FederatedWorld World, IReadOnlyList<ListeningPod> Listening)> GetAsync(HAProxyBinary binary)
    {
        if (!_worlds.TryGetValue(binary, out var world))
            _worlds[binary] = world = await StartAsync(binary);
        return world;
    }

    internal static string Namespace(int number) => string.Create(CultureInfo.InvariantCulture, $"server-{number}");

    internal static string Host(int number) => string.Create(CultureInfo.InvariantCulture, $"server-{number}.policies.test");

    /// <summary>Service and Ingress of a case with these annotations, wherever the case has its own.</summary>
    internal string Manifests(int number, ListeningPod own, IReadOnlyList<(string Name, string Value)> annotations)
    {
        var (service, ingress) = (_services[own], Yaml.Ingress(Namespace(number), "app", Host(number), [Yaml.Path("/", "Prefix", "app", "name: http")]));
        return ServerCase.All[number].OfService ? Yaml.Join(Annotated(service), ingress) : Yaml.Join(service, Annotated(ingress));

        string Annotated(string manifest) => annotations.Count == 0 ? manifest : manifest.Replace(
            "metadata: {", $"metadata: {{annotations: {{{string.Join(", ", annotations.Select(one => $"{one.Name}: {JsonSerializer.Serialize(ValueOf(one.Value))}"))}}}, ", StringComparison.Ordinal);

        string ValueOf(string written) => written switch
        {
            ServerCase.Agent => string.Create(CultureInfo.InvariantCulture, $"{own.Agent.Port}"),
            ServerCase.AgentAddress => own.MoveAgent().ToString(),
            _ => written,
        };
    }

    private async Task<(FederatedWorld World, IReadOnlyList<ListeningPod> Listening)> StartAsync(HAProxyBinary binary)
    {
        var world = await FederatedWorld.StartAsync(binary, [await FederatedMember.StartAsync(Member, "endpoints.service-addresses = true")], Times, pods: Pods + 1);
        var listening = ServerCase.All.Select(static _ => new ListeningPod()).ToList();
        _worlds[binary] = (world, listening);
        var echoing = world.Pods.New(Pods, Member, "servers", "app");
        for (var i = 0; i < ServerCase.All.Count; i++)
        {
            var (item, ns) = (ServerCase.All[i], Namespace(i));
            var (port, addresses) = item.Effect switch
            {
                ServerEffect.Protocol => (item.Detail switch { ServerCase.Http2 => _speaking.Http2, ServerCase.Http2Tls => _speaking.Http2Tls, _ => _speaking.Tls }, [_speaking.Address]),
                ServerEffect.Tls => (_speaking.Tls, [_speaking.Address]),
                ServerEffect.Beginning or ServerEffect.Checked or ServerEffect.Checks or ServerEffect.DownPod or ServerEffect.SickPod or ServerEffect.Agent or ServerEffect.Statistic => (listening[i].Port, (IPAddress[])[listening[i].Address]),
                ServerEffect.OneAtATime => (world.Pods.Port, [echoing[0].Address]),
                _ => (world.Pods.Port, [.. echoing.Select(static pod => pod.Address)]),
            };
            var service = Yaml.Service(ns, "app");
            if (item.Annotations.Any(static one => one.Name.EndsWith("/" + ServerCase.ServiceUpstream, StringComparison.Ordinal)))
                service = service.Replace("port: 8080", $"port: {port}", StringComparison.Ordinal).Replace("spec:", $"spec:\n  clusterIP: {addresses[0]}", StringComparison.Ordinal);
            _services[listening[i]] = service;
            if (item.Effect == ServerEffect.Tls)
                await world[Member].ApplyAsync(Tls.Secrets(ns));
            await world[Member].ApplyAsync(Yaml.Join(
                Yaml.Slice(ns, "app", port, addresses.Select((address, number) => new Pod(Member, ns, "app", $"app-{number}", address))), Manifests(i, listening[i], item.Annotations)));
        }

        await Await.NothingMissingAsync(async () => await world.Product.ProxyAsync() is var view && view.Routes == Routes && view.AppliedVersion == view.DesiredVersion
            ? null
            : $"{Routes} routes in HAProxy; version {view.DesiredVersion} has {view.Routes}, {view.AppliedVersion} is applied");
        return (world, listening);
    }
}

[CollectionDefinition(Name)]
public sealed class ServerDefinition : ICollectionFixture<ServerWorlds>
{
    public const string Name = "server worlds";
}
