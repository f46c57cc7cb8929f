using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Policies;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Runtime.Passwords;
using MultiCluster.HAProxy.Runtime.Processes;
using MultiCluster.HAProxy.Runtime.Sockets;
using MultiCluster.HAProxy.Runtime.Tests.Support;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;
using MultiCluster.TestKit;
using HAProxyBinary = MultiCluster.TestKit.HAProxyVersions.HAProxyBinary;

namespace MultiCluster.HAProxy.Runtime.Tests.Policies;

/// <summary>A real HAProxy with the product's program and a host for each policy, all with one endpoint behind it.</summary>
internal sealed class PolicyWorld : IAsyncDisposable
{
    private readonly ScratchDirectory _directory = new();
    private readonly IReadOnlyDictionary<string, PolicyData> _policies;
    private readonly LogReceiverOptions? _log;
    private ProcessIdentity? _master;
    private PasswordListener? _passwords;

    private PolicyWorld(IReadOnlyDictionary<string, PolicyData> policies, LogReceiverOptions? log)
    {
        _policies = policies;
        _log = log;
        var address = Loopback.NewAddress();
        Endpoint = new IPEndPoint(address, Loopback.FreePort(address));
        TlsEndpoint = new IPEndPoint(address, Loopback.FreePort(address));
    }

    public EchoServer Server { get; } = new();

    public IPEndPoint Endpoint { get; }

    public IPEndPoint TlsEndpoint { get; }

    public ProgramPaths Paths => new(_directory.Path, _directory.File("w.sock"));

    /// <param name="atRunTime">HAProxy starts without policies and is given them by commands; otherwise it finds them in its files.</param>
    /// <param name="log">Null: there is no access log.</param>
    public static async Task<PolicyWorld> StartAsync(HAProxyBinary binary, bool atRunTime, IReadOnlyDictionary<string, RoutePolicy> policies, LogReceiverOptions? log = null)
    {
        var world = new PolicyWorld(policies.ToDictionary(static pair => pair.Key, static pair => PolicyData.Of(pair.Value), StringComparer.Ordinal), log);
        try
        {
            await world.StartAsync(binary, atRunTime);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    public static string HostOf(string policy) => $"{policy.ToLowerInvariant()}.example";

    public Task<Answer> AskAsync(string policy, Ask ask) => ask.SendAsync(this, HostOf(policy));

    public Task<RuntimeClient> ConnectAsync() => RuntimeClient.ConnectAsync(
        Paths.WorkerSocket, TimeProvider.System, new RuntimeClientOptions { BufferSize = ProgramRenderer.BufferSize }, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        if (_master is { } master)
            await new HAProxyProcess(TimeProvider.System).StopAsync(master, graceful: false, Await.Deadline, CancellationToken.None);
        if (_passwords is { } passwords)
            await passwords.DisposeAsync();
        await Server.DisposeAsync();
        _directory.Dispose();
    }

    private async Task StartAsync(HAProxyBinary binary, bool atRunTime)
    {
        Assert.True(ProxyVersion.TryParse(binary.Version, out var version));
        var features = ProxyFeatures.Of(version);
        var passwords = await PasswordListener.StartAsync(Paths.PasswordSocket, forOthers: false, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        Assert.True(passwords.IsOk, passwords.Error);
        _passwords = passwords.Value;
        var desired = new DesiredData(new BackendPool(features, 4, []));
        desired.Apply(Plain());
        var entries = Entries(desired.Map(MapName.Routes)["plain.example/"]);
        var start = TestHAProxy.StartOf(binary.Path, _directory, new TestConfig(_directory)) with { ConfigPath = _directory.File(ProgramPaths.Config) };
        Write(new StartFileRenderer(Options(), Paths, features, TestConfig.SelfSigned("default.example")).Render(desired), atRunTime ? [] : entries);
        var running = await new HAProxyProcess(TimeProvider.System).StartAsync(start, CancellationToken.None);
        Assert.True(running.IsOk, running.Error);
        _master = running.Value.Master;
        if (!atRunTime)
            return;
        await using var client = await ConnectAsync();
        var commands = entries.Select(entry => new Commands(Paths).AddMap(entry.Key, entry.Value)).ToList();
        Assert.DoesNotContain(null, commands);
        Assert.All(await client.ExecuteAsync(commands!, CancellationToken.None), static reply => Assert.Equal("", reply.Trim()));
    }

    private ProgramOptions Options() => new()
    {
        Binds = [new BindOptions($"{Endpoint} accept-proxy", false), new BindOptions($"{TlsEndpoint} accept-proxy", true)],
        PoolSize = 4,
        PolicyPoolSize = 0,
        Threads = 1,
        MaxConnections = 200,
        LogReceiver = _log,
    };

    /// <summary>A route without a policy, whose value tells the name of the backend.</summary>
    private RoutingDelta Plain()
    {
        var service = new ObjectKey("web", "echo");
        var member = new MemberName("aws");
        var key = new RouteKey("plain.example", "", PathMatch.Prefix);
        var port = new BackendPort("http", 80, "", [new BackendEndpoint(Server.Endpoint.Address.ToString(), Server.Endpoint.Port, "pod", "node", "zone")]);
        return new RoutingDelta(
            1,
            [KeyValuePair.Create(key, (Route?)new Route(key, new BackendKey(new BackendRef(service, PortRef.Numbered(80)), [member]), new ObjectKey("web", "plain")))],
            [KeyValuePair.Create(service, (Fragment.Backend?)new Fragment.Backend(service, [new MemberBackend(member, [port])]))],
            []);
    }

    private List<KeyValuePair<MapKey, string>> Entries(string plain)
    {
        // No policy may ask a service on this machine; here it is on this machine all the same.
        var (service, here) = (Base64Url(PolicyTable.Service), Base64Url($"http://{Server.Endpoint}/"));
        var entries = _policies.Values.DistinctBy(static policy => policy.Id).SelectMany(static policy => policy.Entries)
            .Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Replace(service, here, StringComparison.Ordinal)))
            .ToList();
        foreach (var (name, policy) in _policies)
        {
            var key = RouteMaps.KeyOf(new RouteKey(HostOf(name), "", PathMatch.Prefix))!.Value;
            var backend = RouteMaps.BackendOf(plain).ToString();
            var value = RouteMaps.Value(backend, new ObjectKey("web", name));
            if (name == PolicyTable.Steered)
            {
                // Every draw begins with 1.
                entries.Add(KeyValuePair.Create(new MapKey(MapName.Shares, "~web/steered/1"), backend));
                value = $"~web/steered|s5|web/{name}";
            }

            entries.Add(KeyValuePair.Create(key, RouteMaps.WithPolicy(value, policy.Id, policy.Flags)));
        }

        return entries;
    }

    /// <summary>Of whole groups of three bytes, so that more may follow.</summary>
    private static string Base64Url(string text) =>
        System.Buffers.Text.Base64Url.EncodeToString(Encoding.ASCII.GetBytes(text + new string('/', (3 - (text.Length % 3)) % 3)));

    private void Write(StartFile file, List<KeyValuePair<MapKey, string>> entries)
    {
        foreach (var part in file.Parts)
        {
            var text = new StringBuilder(string.Concat(part.Chunks));
            foreach (var (key, value) in entries.Where(entry => RouteMaps.File(entry.Key.Map) == part.Path))
                text.Append(CultureInfo.InvariantCulture, $"{key.Key} {value}\n");
            Directory.CreateDirectory(Path.GetDirectoryName(_directory.File(part.Path))!);
            _directory.Write(part.Path, text.ToString());
        }
    }
}
