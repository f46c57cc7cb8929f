using System.Diagnostics.CodeAnalysis;
using System.Net;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Kubernetes.Client;
using MultiCluster.TestKit;
using MultiCluster.TestKit.HAProxyVersions;
using MultiCluster.TestKit.Network;

namespace MultiCluster.EndToEnd.Tests.Federation;

/// <summary>How members' endpoints are reached: which they are, as the member's mode says, and how they are spoken to.</summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit calls DisposeAsync.")]
public sealed class EndpointModeTests : IAsyncLifetime, IDisposable
{
    private const string Host = "modes.test";
    private const string Url = "http://modes.test/";

    private readonly TestAuthority _authority = new("authority of the configuration");
    private readonly List<IAsyncDisposable> _parts = [];
    private FederatedWorld? _world;

    private FederatedWorld World => _world!;

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>No test reloads HAProxy, nor has it refuse anything, unless it says so.</summary>
    public async Task DisposeAsync()
    {
        if (_world is not null)
        {
            await _world.AssertUndisturbedAsync();
            await _world.DisposeAsync();
        }

        foreach (var part in _parts)
            await part.DisposeAsync();
    }

    public void Dispose() => _authority.Dispose();

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task Tls_is_verified_and_who_presents_another_name_or_authority_gets_nothing_and_is_told(HAProxyBinary binary)
    {
        await StartAsync(binary, ("aws", "home = true"), ("gcp", "endpoints { tls = true, verify-tls = true }"));
        var gcp = await AddIngressAsync("gcp", Listening.Tls);
        await World.AddServiceAsync("modes", "web", ("aws", 1));
        await World.ApplyToAllAsync(FederatedYaml.Ingress("modes", "web", Host, "web", new Policy("cluster-priorities", "gcp=0,aws=1")));
        await World.UntilMembersAsync(Url, "gcp");
        Assert.Equal(Host, (await World.Product.Client.GetAsync(Url)).Headers[RemoteIngress.NameHeader]);

        using var stranger = new TestAuthority("another authority");
        foreach (var wrong in new[] { _authority.Issue("another.test"), stranger.Issue(Host) })
        {
            gcp.Present(wrong);
            await World.UntilMembersAsync(Url, "aws");
            await UntilHealthyAsync("gcp", 0);
            gcp.Present(_authority.Issue("spare.test", Host));
            await World.UntilMembersAsync(Url, "gcp");
            await UntilHealthyAsync("gcp", 1);
        }

        // The name that is checked is one that is asked for: a second host of the Service, which comes before it.
        gcp.Present(_authority.Issue(Host, "also.test"));
        await World.ApplyToAllAsync(FederatedYaml.Ingress("modes", "also", "also.test", "web", new Policy("cluster-priorities", "gcp=0,aws=1")));
        await World.UntilMembersAsync("http://also.test/", "gcp");
        await World.UntilMembersAsync(Url, "gcp");
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task Without_a_policy_requests_pass_over_who_can_not_be_verified_and_fail_only_where_nobody_else_is(HAProxyBinary binary)
    {
        await StartAsync(binary, ("aws", "home = true"), ("gcp", "endpoints { tls = true, verify-tls = true }"));
        var gcp = await AddIngressAsync("gcp", Listening.Tls);
        await World.AddServiceAsync("modes", "web", ("aws", 1));
        await World.ApplyToAllAsync(FederatedYaml.Ingress("modes", "web", Host, "web"));
        await World.UntilMembersAsync(Url, "aws", "gcp");

        gcp.Present(_authority.Issue("another.test"));
        // Nobody checks it, so that it keeps its share: HAProxy passes over it with each request.
        await Shares.UntilSeenAsync(World.Product.Client, Url, "aws");
        await World["aws"].DeleteAsync(ResourcePath.Services, "modes", "web");
        await World.Product.UntilStatusAsync(Url, 503);
        gcp.Present(_authority.Issue(Host));
        await Shares.UntilSeenAsync(World.Product.Client, Url, "gcp");
    }

    /// <summary>HAProxy 3.4 itself refuses to start with <c>ca-file @system-ca</c> there; older ones start and believe nobody.</summary>
    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task On_a_machine_without_authorities_only_who_is_to_be_verified_gets_nothing_and_the_log_says_why(HAProxyBinary binary)
    {
        FederatedMember[] members = [await FederatedMember.StartAsync("aws", "home = true"), await FederatedMember.StartAsync("gcp", "endpoints { tls = true, verify-tls = true }")];
        var setting = new Setting(binary, members) { More = FederatedWorld.Times };
        await using var pods = await EchoPods.StartAsync(2);
        foreach (var member in members)
        {
            await member.ApplyAsync(Yaml.Join(
                Yaml.IngressClass(Yaml.Class),
                Yaml.Service("modes", "web"),
                Yaml.Slice("modes", "web", pods.Port, [pods.New(member.Name, "modes", "web")]),
                FederatedYaml.Ingress("modes", "web", Host, "web")));
        }

        try
        {
            await using var product = ProductProcess.Start(setting, new Dictionary<string, string> { ["SSL_CERT_FILE"] = "/nowhere", ["SSL_CERT_DIR"] = "/nowhere" });
            await product.WhenReadyAsync();
            using var client = new ProxyClient(setting.Http, setting.Https);
            await Shares.UntilSeenAsync(client, Url, "aws");
            Assert.Equal(1, (await product.ProxyAsync()).Refused);
            Assert.Contains(product.Lines, static line => line.Contains("Authorities modes/web:8080@aws,gcp", StringComparison.Ordinal) && line.Contains("haproxy.ca-file", StringComparison.Ordinal));
        }
        finally
        {
            await setting.StopHAProxyAsync();
        }
    }

    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task The_PROXY_protocol_tells_the_clients_address_with_and_without_Tls(HAProxyBinary binary)
    {
        await StartAsync(
            binary,
            ("aws", "home = true"),
            ("gcp", "endpoints { proxy-protocol = true }"),
            ("az", "endpoints { proxy-protocol = true, tls = true, verify-tls = true }"),
            ("lab", "endpoints { tls = true }"));
        RemoteIngress[] told = [await AddIngressAsync("gcp", Listening.Proxy), await AddIngressAsync("az", Listening.Proxy | Listening.Tls)];
        // What is not to be verified may be anybody's.
        (await AddIngressAsync("lab", Listening.Tls)).Present(_authority.Issue("another.test"));
        await World.AddServiceAsync("modes", "web", ("aws", 1));
        // With checks: they must not be taken for clients, nor fail for want of a header.
        await World.ApplyToAllAsync(FederatedYaml.Ingress("modes", "web", Host, "web", new Policy("cluster-weights", "aws=1,gcp=1,az=1,lab=1")));
        await World.UntilMembersAsync(Url, "aws", "az", "gcp", "lab");

        // Two clients, so that connections to endpoints that are kept may not be shared between them.
        IPAddress[] sources = [Loopback.NewAddress(), Loopback.NewAddress()];
        var clients = sources.Select(source => new ProxyClient(World.Product.Setting.Http, World.Product.Setting.Https, source)).ToList();
        for (var i = 0; i < 100; i++)
        {
            var answer = await clients[i % 2].GetAsync(Url);
            var seen = answer.Headers.GetValueOrDefault(RemoteIngress.ClientHeader);
            Assert.Equal(answer.Echo?.Member is "gcp" or "az" ? $"{sources[i % 2]}" : answer.Echo?.Member == "lab" ? "127.0.0.1" : null, seen);
            Assert.Equal($"{sources[i % 2]}", answer.Echo!.Headers["x-forwarded-for"]);
        }

        clients.ForEach(static client => client.Dispose());
        Assert.All(told, static ingress => Assert.Equal([2], ingress.ProxyVersions.Distinct()));
        await UntilHealthyAsync("gcp", 1);
        await UntilHealthyAsync("az", 1);
    }

    [Fact]
    public async Task Nodes_are_followed_as_the_API_server_tells_them()
    {
        await StartAsync(HAProxyBinaries.Default, ("aws", "home = true, endpoints.mode = node-port"));
        var nodes = World.Pods.New(3, "aws", "modes", "web");
        var service = FederatedYaml.OutsideService("modes", "web", "NodePort", 8080, World.Pods.Port);
        await World.ApplyToAllAsync(Yaml.Join(FederatedYaml.Node("n0", nodes[0].Address), FederatedYaml.Node("n1", nodes[1].Address), service));
        await World.ApplyToAllAsync(FederatedYaml.Ingress("modes", "web", Host, "web"));
        await UntilReachedAsync(nodes[0], nodes[1]);
        await using var load = Load.Start(World.Product.Setting, Url, "web", clients: 2);

        await World.ApplyToAllAsync(FederatedYaml.Node("n2", nodes[2].Address));
        await UntilReachedAsync([.. nodes]);
        await World.ApplyToAllAsync(FederatedYaml.Node("n0", nodes[0].Address, isReady: false));
        await UntilReachedAsync(nodes[1], nodes[2]);
        await World["aws"].DeleteAsync(ResourcePath.Nodes, "", "n1");
        await UntilReachedAsync(nodes[2]);
        await World.ApplyToAllAsync(FederatedYaml.Node("n0", nodes[0].Address));
        await UntilReachedAsync(nodes[0], nodes[2]);

        // Traffic that stays on the node goes where a ready pod is.
        var slice = Yaml.Slice("modes", "web", 1, [nodes[1]]).Replace("  conditions:", "  nodeName: n2\n  conditions:", StringComparison.Ordinal);
        await World.ApplyToAllAsync(Yaml.Join(slice, FederatedYaml.OutsideService("modes", "web", "NodePort", 8080, World.Pods.Port, trafficPolicy: "Local")));
        await UntilReachedAsync(nodes[2]);
        await load.AssertNoneFailedAsync();
    }

    [Fact]
    public async Task A_load_balancer_is_reached_by_its_address_or_by_what_its_host_name_resolves_to()
    {
        await StartAsync(HAProxyBinaries.Default, ("aws", "home = true, endpoints.mode = load-balancer"));
        var pods = World.Pods.New(2, "aws", "modes", "web");
        var local = new IPEndPoint(IPAddress.Loopback, Loopback.FreePort(IPAddress.Loopback));
        _parts.Add(TcpRelay.Start(local, new IPEndPoint(pods[1].Address, World.Pods.Port)));
        await World.ApplyToAllAsync(FederatedYaml.IngressByPortName("modes", "web", Host, "web"));

        await World.ApplyToAllAsync(FederatedYaml.OutsideService("modes", "web", "LoadBalancer", World.Pods.Port, 0, $"{{ip: {pods[0].Address}}}"));
        await World.Product.UntilPodsAsync(Url, pods[..1]);
        // Every machine's resolver knows this name.
        await World.ApplyToAllAsync(FederatedYaml.OutsideService("modes", "web", "LoadBalancer", local.Port, 0, "{hostname: localhost}"));
        await World.Product.UntilPodsAsync(Url, pods[1..], IPAddress.Loopback);
        Assert.Contains(await World.ServersAsync(), server => server.EndsWith($" {local}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Auto_goes_by_the_type_of_each_Service()
    {
        await StartAsync(HAProxyBinaries.Default, ("aws", "home = true, endpoints.mode = auto"));
        var pods = World.Pods.New(3, "aws", "modes", "web");
        await World.ApplyToAllAsync(FederatedYaml.Node("n0", pods[0].Address));
        await World.ApplyToAllAsync(FederatedYaml.IngressByPortName("modes", "web", Host, "web"));
        var slice = Yaml.Slice("modes", "web", World.Pods.Port, pods[2..]);

        // Spec and status are two writes. A load balancer without an address is nowhere, which is meant, so it has one before the type says that it counts.
        var balanced = $"{{ip: {pods[1].Address}}}";
        await World.ApplyToAllAsync(Yaml.Join(slice, FederatedYaml.OutsideService("modes", "web", "NodePort", 8080, World.Pods.Port, balanced)));
        await UntilReachedAsync(pods[0]);
        await using var load = Load.Start(World.Product.Setting, Url, "web", clients: 2);
        await World.ApplyToAllAsync(FederatedYaml.OutsideService("modes", "web", "LoadBalancer", World.Pods.OtherPort, 0, balanced));
        await UntilReachedAsync(pods[1]);
        await World.ApplyToAllAsync(Yaml.Service("modes", "web"));
        await UntilReachedAsync(pods[2]);
        await load.AssertNoneFailedAsync();
    }

    [Fact]
    public async Task A_member_changes_from_every_way_to_be_reached_to_every_other_without_a_lost_request()
    {
        await StartAsync(HAProxyBinaries.Default, ("aws", "home = true"));
        var remote = await AddIngressAsync("aws", Listening.Plain);
        var pods = World.Pods.New(2, "aws", "modes", "web");
        // The load balancer listens at the Service's port: where TLS is spoken. Nodes are pods that nobody else reaches.
        await World.ApplyToAllAsync(Yaml.Join(
            FederatedYaml.Node("n0", pods[0].Address),
            Yaml.Slice("modes", "web", World.Pods.Port, pods[1..]),
            FederatedYaml.OutsideService("modes", "web", "LoadBalancer", remote[Listening.Tls], World.Pods.OtherPort, $"{{ip: {remote.Address}}}")));
        await World.ApplyToAllAsync(FederatedYaml.IngressByPortName("modes", "web", Host, "web"));
        await UntilReachedAsync(pods[1]);
        (string Settings, Pod By)[] ways =
        [
            ("endpoints.mode = pod-ip", pods[1]),
            ("endpoints.mode = node-port", pods[0]),
            ("endpoints { mode = load-balancer, tls = true, verify-tls = true }", remote.Pod),
        ];
        await using var load = Load.Start(World.Product.Setting, Url, "web", clients: 4);
        foreach (var way in (int[])[1, 2, 0, 2, 1, 0])
        {
            World["aws"].Settings = $"home = true, {ways[way].Settings}";
            World.WriteConfiguration();
            await UntilReachedAsync(ways[way].By);
            await load.MoreAsync(50);
        }

        await load.AssertNoneFailedAsync();
    }

    private async Task StartAsync(HAProxyBinary binary, params (string Name, string Settings)[] members)
    {
        var folder = Directory.CreateTempSubdirectory("mc-ca-");
        _parts.Add(new Removal(folder));
        var file = Path.Combine(folder.FullName, "authorities.pem");
        await File.WriteAllTextAsync(file, _authority.Pem);
        var started = new List<FederatedMember>();
        foreach (var (name, settings) in members)
            started.Add(await FederatedMember.StartAsync(name, settings));
        _world = await FederatedWorld.StartAsync(binary, started, $"haproxy.ca-file = \"{file}\"", pods: 10);
    }

    /// <summary>The member's Service is its ingress; its certificate is for the test's host.</summary>
    private async Task<RemoteIngress> AddIngressAsync(string member, Listening how)
    {
        var ingress = await RemoteIngress.StartAsync(member, _authority.Issue(Host));
        _parts.Add(ingress);
        await World[member].ApplyAsync(Yaml.Join(Yaml.Service("modes", "web"), Yaml.Slice("modes", "web", ingress[how], [ingress.Pod])));
        return ingress;
    }

    private Task<IReadOnlyCollection<EchoAnswer>> UntilReachedAsync(params Pod[] pods) => World.Product.UntilPodsAsync(Url, pods);

    private Task UntilHealthyAsync(string member, int healthy) => Await.NothingMissingAsync(async () =>
    {
        var shares = (await World.Product.BackendsAsync("modes/web")).SelectMany(static backend => backend.Shares).Where(share => share.Member == member).ToList();
        return shares.Count > 0 && shares.TrueForAll(share => share.Healthy == healthy) ? null : $"{healthy} healthy endpoints of {member}; there are {string.Join(", ", shares)}";
    });

    private sealed class Removal(DirectoryInfo folder) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            folder.Delete(recursive: true);
            return default;
        }
    }
}
