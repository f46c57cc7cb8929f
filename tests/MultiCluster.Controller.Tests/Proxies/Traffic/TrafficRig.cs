using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Actors;
using MultiCluster.Controller.Proxies;
using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Runtime.Processes;
using MultiCluster.HAProxy.Runtime.State;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Admin;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;
using MultiCluster.TestKit;

namespace MultiCluster.Controller.Tests.Proxies.Traffic;

/// <summary>A real HAProxy behind the actor that drives it, one Service "cart" with pods in members, and a client.</summary>
internal sealed class TrafficRig : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    private static readonly RouteKey Route = new("shop.example", "", PathMatch.Prefix);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mc-");
    private readonly ActorSystem _system = new("traffic");
    private readonly List<TrafficPod> _pods = [];
    private readonly Dictionary<MemberName, EndpointTransport> _members = [];
    private readonly StateDirectory _state;
    private readonly ProxySettings _settings;
    private readonly IPEndPoint _listen;
    private TaskCompletionSource _held = new();
    private IActorRef? _table;
    private IActorRef? _proxy;
    private long _version;

    private TrafficRig(HAProxyBinary binary, ProxyLocality locality)
    {
        // On 127.0.0.1 one of the pods might get the same port.
        var address = Loopback.NewAddress();
        _listen = new IPEndPoint(address, Loopback.FreePort(address));
        _state = StateDirectory.Open(_directory.FullName).Value!;
        _settings = new ProxySettings(
            "test", binary,
            new ProgramOptions
            {
                Binds = [new BindOptions(_listen.ToString(), Tls: false)],
                PoolSize = 8,
                PolicyPoolSize = 4,
                Threads = 1,
                MaxConnections = 500,
                Checks = new CheckOptions(TimeSpan.FromMilliseconds(200), Fall: 2, Rise: 1),
                Timeouts = new TimeoutOptions { Queue = TimeSpan.FromSeconds(1) },
                Locality = locality,
            },
            _state, "", TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30), null, NullLoggerFactory.Instance);
        Client = NewClient(cookies: false);
    }

    public HttpClient Client { get; }

    public IReadOnlyList<TrafficPod> Pods => _pods;

    /// <summary>How servers of the route are used, from the next change on.</summary>
    public BackendPolicy? Servers { get; set; }

    public static async Task<TrafficRig> StartAsync(TestKit.HAProxyVersions.HAProxyBinary binary, ProxyLocality? locality = null)
    {
        var inspected = await HAProxyBinary.InspectAsync(binary.Path, TimeProvider.System, CancellationToken.None);
        Assert.True(inspected.IsOk, inspected.Error);
        return new TrafficRig(inspected.Value, locality ?? ProxyLocality.Unknown);
    }

    public TrafficPod AddPod(string member, string zone = "")
    {
        var pod = new TrafficPod(member, zone, () => _held.Task);
        _pods.Add(pod);
        _members.TryAdd(new MemberName(member), default);
        return pod;
    }

    /// <summary>Pods of another rig; the last come first.</summary>
    public void Borrow(TrafficRig other)
    {
        _pods.AddRange(other.Pods.Reverse());
        foreach (var pod in other.Pods)
            _members.TryAdd(new MemberName(pod.Member), default);
    }

    public void Add(TrafficPod pod) => _pods.Add(pod);

    public void Remove(TrafficPod pod) => _pods.Remove(pod);

    /// <summary>Route and Service as they are now go to the proxy, and HAProxy holds them when this returns.</summary>
    public async Task ApplyAsync(TrafficPolicy? policy, params (string Member, MemberTraits Traits)[] traits)
    {
        var members = _members.Keys.Order().ToEquatableArray();
        var key = new BackendKey(new BackendRef(Make.Key("cart"), PortRef.Named("http")), members);
        var fragment = new Fragment.Backend(Make.Key("cart"), members.Items.Select(member => new MemberBackend(
            member, [new BackendPort("http", 80, "", _pods.Where(pod => pod.Member == member.Value).Select(static pod => pod.Endpoint).ToEquatableArray())])).ToEquatableArray());
        var delta = new RoutingDelta(
            ++_version,
            [KeyValuePair.Create(Route, (Route?)new Route(Route, key, Make.Key("shop"))
            {
                Traffic = policy,
                Policy = Servers is null ? null : new RoutePolicy { Backend = Servers },
            })],
            [KeyValuePair.Create(Make.Key("cart"), (Fragment.Backend?)fragment)],
            [])
        {
            Members = [.. traits.Select(static item => KeyValuePair.Create(new MemberName(item.Member), (MemberTraits?)item.Traits))],
        };
        if (_table is null)
        {
            _table = _system.ActorOf(Props.Create(() => new FakeTable(delta)));
            _proxy = _system.ActorOf(Props.Create(() => new HAProxyInstance(_settings, _table, TimeProvider.System)));
        }
        else
        {
            _table.Tell(delta);
        }

        await UntilAsync(async () => await SummaryAsync() is { State: "Serving" } summary && summary.AppliedVersion == _version, $"HAProxy at version {_version}");
    }

    /// <summary>HAProxy dies and starts again from the file.</summary>
    public async Task RestartHAProxyAsync()
    {
        using var master = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(_settings.MasterPidFile), CultureInfo.InvariantCulture));
        master.Kill(entireProcessTree: true);
        await UntilAsync(async () => await SummaryAsync() is { State: "Serving" } && await IsServingAsync(), "HAProxy serves again");
    }

    private async Task<bool> IsServingAsync()
    {
        try
        {
            using var response = await Client.GetAsync(new Uri("/", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>The agent ends, and another one takes over.</summary>
    public async Task RestartAgentAsync()
    {
        await _system.StopAsync(_proxy!, Deadline);
        _proxy = _system.ActorOf(Props.Create(() => new HAProxyInstance(_settings, _table!, TimeProvider.System)));
        await UntilAsync(async () => await SummaryAsync() is { State: "Serving", Adopted: true }, "the new agent has taken over");
    }

    public async Task<ProxyView> SummaryAsync() =>
        (await _proxy!.AskAsync<ProxyProtocol.Summary>(new ProxyProtocol.GetSummary(), Deadline)).View;

    public Task<ProxyProtocol.Traffic> TrafficAsync() => _proxy!.AskAsync<ProxyProtocol.Traffic>(new ProxyProtocol.GetTraffic(), Deadline);

    public async Task<BackendShareView> ShareAsync(string member) =>
        Assert.Single((await TrafficAsync()).Backends).Shares.Single(share => share.Member == member);

    public Task UntilShareAsync(string member, Func<double, bool> holds, string missing) =>
        UntilAsync(async () => holds((await ShareAsync(member)).SharePercent), missing);

    /// <summary>Shares are said as soon as they are wanted; by then HAProxy has them.</summary>
    public Task UntilAppliedAsync() => UntilAsync(
        async () => (await _proxy!.AskAsync<ProxyProtocol.Diff>(new ProxyProtocol.GetDiff("test"), Deadline)).View is { Differences.Count: 0 },
        "HAProxy holds just what it should");

    public HttpClient NewClient(bool cookies) => new(new SocketsHttpHandler { UseCookies = cookies, PooledConnectionLifetime = Timeout.InfiniteTimeSpan })
    {
        BaseAddress = new Uri($"http://{_listen}"),
        DefaultRequestHeaders = { Host = "shop.example" },
        Timeout = Deadline,
    };

    /// <returns>How many requests each member answered; those that failed, by their status.</returns>
    public async Task<SortedDictionary<string, int>> SendAsync(int count, HttpClient? client = null)
    {
        var answers = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var by = (await GetAsync(client ?? Client, "/")).Split(' ')[0];
            answers[by] = answers.GetValueOrDefault(by) + 1;
        }

        return answers;
    }

    /// <returns>Member and port of the pod, or the status.</returns>
    public static async Task<string> GetAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        return response.IsSuccessStatusCode
            ? await response.Content.ReadAsStringAsync()
            : ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
    }

    public Task<string>[] Hold(int count, string path = "/hold")
    {
        return [.. Enumerable.Range(0, count).Select(_ => GetAsync(Client, path))];
    }

    public void Release()
    {
        var held = _held;
        _held = new TaskCompletionSource();
        held.SetResult();
    }

    public static async Task UntilAsync(Func<Task<bool>> condition, string missing)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Deadline, $"within {Deadline}: {missing}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _system.DisposeAsync();
        if (int.TryParse(await File.ReadAllTextAsync(_settings.MasterPidFile), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var pid) && ProcessIdentity.Of(pid) is { } master)
            await new HAProxyProcess(TimeProvider.System).StopAsync(master, graceful: false, Deadline, CancellationToken.None);
        _pods.ForEach(static pod => pod.Dispose());
        _state.Dispose();
        _directory.Delete(recursive: true);
    }

    /// <summary>Holds one table for one subscriber at a time.</summary>
    private sealed class FakeTable(RoutingDelta first) : Actor
    {
        private RoutingDelta _table = first;
        private IActorRef? _subscriber;

        protected override ValueTask ReceiveAsync(object message)
        {
            switch (message)
            {
                case RouteTableProtocol.Subscribe:
                    _subscriber = Sender;
                    Sender!.Tell(new RouteTableProtocol.Snapshot(_table, new Readiness([], GaveUpWaiting: false)), Self);
                    break;
                case RoutingDelta delta:
                    // A delta of these tests holds all but what it says of members.
                    _table = delta with { Members = [.. delta.Members, .. _table.Members.Where(old => !delta.Members.Any(item => item.Key == old.Key))] };
                    _subscriber?.Tell(new RouteTableProtocol.Changed(delta), Self);
                    break;
                default:
                    Unhandled(message);
                    break;
            }

            return default;
        }
    }
}
