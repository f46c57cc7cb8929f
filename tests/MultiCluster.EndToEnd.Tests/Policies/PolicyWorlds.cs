using System.Net;
using System.Text.Json;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;
using MultiCluster.TestKit.Network;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>A product for each version of HAProxy, with the objects of all cases, so that each case is no more than its requests.</summary>
public sealed class PolicyWorlds : IAsyncLifetime
{
    internal const string Member = "aws";

    // Tests of a collection run one at a time.
    private readonly Dictionary<HAProxyBinary, FederatedWorld> _worlds = [];

    private readonly List<FullListener> _full = [];
    private AuthServer? _auth;
    private SpopAgent? _firewall;

    /// <summary>Those that this machine can ask.</summary>
    internal IReadOnlyList<PolicyCase> Cases { get; private set; } = [];

    public async Task InitializeAsync()
    {
        _auth = await AuthServer.StartAsync();
        _firewall = SpopAgent.Start(new IPEndPoint(IPAddress.Loopback, 0), static sent => ("code", sent.Contains("attack", StringComparison.Ordinal) ? 403 : 0));
        Cases = [.. PolicyCases.All.Where(item => _auth is not null || !item.NeedsAuth).Select(item => item.With(_auth?.Url))];
    }

    public async Task DisposeAsync()
    {
        foreach (var world in _worlds.Values)
            await world.DisposeAsync();
        foreach (var listener in _full)
            listener.Dispose();
        if (_firewall is not null)
            await _firewall.DisposeAsync();
        if (_auth is not null)
            await _auth.DisposeAsync();
    }

    /// <summary>What a version can't do it is not asked for: it would say so.</summary>
    internal IReadOnlyList<PolicyCase> CasesOf(HAProxyBinary binary) => [.. Cases.Where(item => item.Least is null || Version.Parse(binary.Version) >= item.Least)];

    internal async Task<FederatedWorld> GetAsync(HAProxyBinary binary)
    {
        if (!_worlds.TryGetValue(binary, out var world))
            _worlds[binary] = world = await StartAsync(binary, CasesOf(binary));
        return world;
    }

    /// <param name="ns">Null for the case's own namespace and host.</param>
    /// <param name="besides">A path besides the case's.</param>
    internal static string Ingress(PolicyCase item, string? ns = null, string? host = null, string? besides = null)
    {
        host ??= item.Host;
        string[] more = [.. item.More.Select(static path => Yaml.Path(path.Path, path.Type, path.Service)), .. besides is null ? Array.Empty<string>() : [Yaml.Path(besides, "Exact", "app")]];
        var tls = item.HasTls ? $"  tls:\n  - {{hosts: [\"{host}\"]}}\n" : "";
        return Annotate(Yaml.Ingress(ns ?? item.Namespace, "app", host, [Yaml.Path(item.Route.Path, item.Route.Type, "app"), .. more], item.IsUnclassed ? null : Yaml.Class, tls: tls), item.Annotations, ns ?? item.Namespace);
    }

    internal static string Service(PolicyCase item) => Annotate(Yaml.Service(item.Namespace, "app"), item.ServiceAnnotations, item.Namespace);

    internal async Task<FederatedWorld> StartAsync(HAProxyBinary binary, IReadOnlyList<PolicyCase> cases)
    {
        var maps = string.Join(", ", cases.Where(static item => item.Objects.Any(static manifest => manifest.Contains("kind: ConfigMap", StringComparison.Ordinal))).Select(static item => $"\"{item.Namespace}/headers\""));
        var world = await FederatedWorld.StartAsync(binary, [await FederatedMember.StartAsync(Member)], $"haproxy.header-config-maps = [{maps}]\nhaproxy.bandwidth-limits = true\nhaproxy.waf {{ endpoints = [\"{_firewall!.Address}\"], timeouts {{ hello = 5s, processing = 5s }} }}", pods: cases.Sum(static item => 1 + Services(item).Count()) + 10);
        foreach (var item in cases)
        {
            var pod = world.Pods.New(Member, item.Namespace, "app");
            if (item.IsFull)
                pod = pod with { Address = FullAt(world.Pods.Port) };
            await world[Member].ApplyAsync(Yaml.Join(
            [
                .. item.Objects.Select(item.Fill),
                .. Services(item).Select(service => Yaml.Join([Yaml.Service(item.Namespace, service), Yaml.Slice(item.Namespace, service, world.Pods.Port, item.Empty.Contains(service) ? [] : [world.Pods.New(Member, item.Namespace, service)])])),
                Service(item),
                Yaml.Slice(item.Namespace, "app", world.Pods.Port, [pod]),
                Ingress(item),
            ]));
        }

        await Await.NothingMissingAsync(async () => await world.Product.ProxyAsync() is var view && view.Routes >= cases.Sum(static item => item.Routes) && view.AppliedVersion == view.DesiredVersion
            ? null
            : $"{cases.Sum(static item => item.Routes)} routes in HAProxy; version {view.DesiredVersion} has {view.Routes}, {view.AppliedVersion} is applied");
        return world;
    }

    private static IEnumerable<string> Services(PolicyCase item) => item.More.Select(static path => path.Service).Where(static service => service != "app").Distinct(StringComparer.Ordinal);

    private IPAddress FullAt(int port)
    {
        var listener = new FullListener(port);
        _full.Add(listener);
        return listener.Address;
    }

    private static string Annotate(string manifest, IReadOnlyList<(string Name, string Value)> annotations, string ns)
    {
        if (annotations.Count == 0)
            return manifest;
        const string Metadata = "metadata: {";
        var text = string.Join(", ", annotations.Select(item => $"{item.Name}: {JsonSerializer.Serialize(item.Value.Replace("{ns}", ns, StringComparison.Ordinal))}"));
        return manifest.Insert(manifest.IndexOf(Metadata, StringComparison.Ordinal) + Metadata.Length, $"annotations: {{{text}}}, ");
    }
}

[CollectionDefinition(Name)]
public sealed class PolicyDefinition : ICollectionFixture<PolicyWorlds>
{
    public const string Name = "policy worlds";
}
