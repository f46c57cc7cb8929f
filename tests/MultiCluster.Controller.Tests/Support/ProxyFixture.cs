using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Controller.Proxies;
using MultiCluster.Controller.Routing;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Runtime.Processes;
using MultiCluster.HAProxy.Runtime.Replies;
using MultiCluster.HAProxy.Runtime.State;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Tests.Support;

/// <summary>A HAProxy (2.6 unless told otherwise) that is only data, and the driver's part of the work: what the instance actor does between decisions.</summary>
internal sealed class ProxyFixture : IDisposable
{
    public const int PoolSize = 4;
    private const int StepLimit = 100;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mc-proxy-");
    private readonly StateDirectory _stateDirectory;
    private string _description = "";
    private (RoutingDelta? Table, ActualData Data, string Description, string? Program) _filled = (null, new ActualData(), "", null);

    public ProxyFixture()
        : this(new HAProxyVersion(2, 6, 0, "2.6.0"), new ProgramOptions { Binds = [new BindOptions("127.0.0.1:8080", Tls: false)], PoolSize = PoolSize, PolicyPoolSize = 0 })
    {
    }

    public ProxyFixture(HAProxyVersion version, ProgramOptions options)
    {
        _stateDirectory = StateDirectory.Open(_directory.FullName).Value!;
        Settings = new ProxySettings(
            "test",
            new HAProxyBinary("haproxy", version, new HashSet<string>(StringComparer.Ordinal), null),
            options,
            _stateDirectory,
            "",
            TimeSpan.FromMilliseconds(500),
            TimeSpan.FromSeconds(30),
            null,
            NullLoggerFactory.Instance);
        State = new ProxyState(Settings);
    }

    public ProxySettings Settings { get; }

    public ProxyState State { get; }

    /// <summary>What HAProxy holds.</summary>
    public ActualData Actual { get; private set; } = new();

    /// <summary>Commands that HAProxy will not do.</summary>
    public Func<string, bool> Refuses { get; set; } = static _ => false;

    /// <summary>Hosts s1.example to sN.example, each with a Service of one endpoint.</summary>
    public static RoutingDelta Routes(int count) => new(
        count + 1,
        [.. Enumerable.Range(1, count).Select(static i => KeyValuePair.Create(Key(i), (Route?)Route(i)))],
        [.. Enumerable.Range(1, count).Select(static i => KeyValuePair.Create(Make.Key($"s{i}"), (Fragment.Backend?)Backend(i)))],
        []);

    /// <summary>The pod of one of those Services at another address.</summary>
    public static RoutingDelta Moved(int service) => new(
        service + 100,
        [],
        [KeyValuePair.Create(Make.Key($"s{service}"), (Fragment.Backend?)Backend(service, "10.9.9.9"))],
        []);

    /// <summary>Connections to a port of the proxies go to a Service of one endpoint.</summary>
    public static RoutingDelta Connections(int port, int service)
    {
        var policy = RoutePolicy.None with { Tcp = new TcpService(), Backend = BackendPolicy.None with { IsTcp = true } };
        var route = Route(service) with { Key = RouteKey.OfPort(port), Policy = policy };
        return new RoutingDelta(service + 200, [KeyValuePair.Create(route.Key, (Route?)route)], [KeyValuePair.Create(Make.Key($"s{service}"), (Fragment.Backend?)Backend(service))], []);
    }

    /// <summary>HAProxy was started by <see cref="State"/> with this table.</summary>
    public void Programmed(RoutingDelta table)
    {
        State.OnOpened(null, hadStartFile: false, poolSizeOnDisk: 0);
        State.OnSnapshot(table, new Readiness([], GaveUpWaiting: false));
        Assert.Equal(new NextStep.Open(Publish: true), State.Decide());
        Reloaded(State);
        Assert.Empty(RunUntilIdle(State));
    }

    /// <summary>HAProxy starts anew from what <paramref name="state"/> would render.</summary>
    public void Reloaded(ProxyState state)
    {
        var desired = state.Reconciler!.Desired;
        Actual = new ActualData();
        for (var i = 0; i < Math.Max(desired.Pool.Size, Settings.Options.PoolSize); i++)
            Actual.AddBackend(ProgramRenderer.SlotName(i));
        foreach (var map in RouteMaps.All)
        {
            foreach (var (key, value) in desired.Map(map))
                Actual.Map(map)[key] = value;
        }

        foreach (var backend in desired.Backends.Where(static backend => backend.Name is not null))
        {
            foreach (var server in backend.Servers.Values)
                Actual.SetServer(backend.Name!, server.Name, new ActualServer(server.Address, server.Port, InMaintenance: false));
        }

        _description = state.Renderer!.Identity().ToString();
        state.OnOpened(Opened(), hadStartFile: true, poolSizeOnDisk: desired.Pool.Size);
    }

    /// <summary>HAProxy runs with this table, and has not one blank backend that is not used.</summary>
    /// <returns>Of an agent that adopts it; of one table as often as wanted.</returns>
    public ProxyState Filled(RoutingDelta table)
    {
        if (_filled.Table != table)
            _filled = Fill(table);
        (Actual, _description) = (Copy(_filled.Data), _filled.Description);
        var state = new ProxyState(Settings);
        state.OnOpened(Opened(program: _filled.Program), hadStartFile: true, poolSizeOnDisk: 0);
        state.OnSnapshot(table, new Readiness([], GaveUpWaiting: false));
        RunUntilIdle(state);
        return state;
    }

    private (RoutingDelta Table, ActualData Data, string Description, string? Program) Fill(RoutingDelta table)
    {
        var starting = new ProxyState(Settings);
        starting.OnOpened(null, hadStartFile: false, poolSizeOnDisk: 0);
        starting.OnSnapshot(table, new Readiness([], GaveUpWaiting: false));
        starting.PrepareReload();
        var desired = starting.Reconciler!.Desired;
        var data = new ActualData();
        foreach (var backend in desired.Backends.Where(static backend => backend.Name is not null))
            data.AddBackend(backend.Name!);
        foreach (var map in RouteMaps.All)
        {
            foreach (var (key, value) in desired.Map(map))
                data.Map(map)[key] = value;
        }

        var program = desired.TcpPorts.IsEmpty && !desired.PassesTls ? null
            : string.Concat(starting.Render().Parts.Single(static part => part.Path == ProgramPaths.Config).Chunks.Select(static chunk => chunk.ToString()));
        return (table, data, starting.Renderer!.Identity().ToString(), program);
    }

    /// <summary>What a program of other options, over the same data, says of itself.</summary>
    public string OtherProgram => (Settings.Identity with { Hash = "0123456789abcdef" }).ToString();

    public Opened Opened(string? description = null, string? program = null) =>
        new(new RunningHAProxy(1, null, 2, 0, Settings.Binary.Version), Adopted: true, Reading(description), program);

    /// <summary>A copy: what HAProxy confirms later must not show in it by itself.</summary>
    public Reading Reading(string? description = null)
    {
        var info = new Dictionary<string, string>(StringComparer.Ordinal) { ["Pid"] = "2", ["description"] = description ?? _description };
        return new Reading(new WorkerInfo(info), Copy(Actual));
    }

    private static ActualData Copy(ActualData from)
    {
        var data = new ActualData();
        foreach (var backend in from.Backends)
        {
            data.AddBackend(backend);
            foreach (var (name, server) in from.Servers(backend))
                data.SetServer(backend, name, server);
        }

        foreach (var map in RouteMaps.All)
        {
            foreach (var (key, value) in from.Map(map))
                data.Map(map)[key] = value;
        }
        return data;
    }

    public List<string> RunUntilIdle(ProxyState state) => RunUntil<NextStep.Idle>(state, out _);

    /// <summary>Does what the state decides until it decides for a <typeparamref name="TStep"/>.</summary>
    /// <returns>The command lines that were sent.</returns>
    public List<string> RunUntil<TStep>(ProxyState state, out TStep step)
        where TStep : NextStep
    {
        var sent = RunUntil(state, static step => step is TStep, out var found);
        step = (TStep)found;
        return sent;
    }

    private List<string> RunUntil(ProxyState state, Predicate<NextStep> isLast, out NextStep step)
    {
        var sent = new List<string>();
        for (var i = 0; i < StepLimit; i++)
        {
            var next = state.Decide();
            switch (next)
            {
                case var last when isLast(last):
                    step = last;
                    return sent;
                case NextStep.Execute execute:
                    sent.AddRange(execute.Plan.Commands.Select(static command => command.Command.Line));
                    var replies = execute.Plan.Commands.Select(Execute).ToArray();
                    if (!state.Reconciler!.Settle(execute.Plan, replies).Doubts.IsEmpty)
                        state.Doubt();
                    break;
                case NextStep.Read:
                    state.OnRead(Reading());
                    break;
                default:
                    throw new InvalidOperationException($"decided for {next} on the way");
            }
        }

        throw new InvalidOperationException($"no end after {StepLimit} steps; sent: {string.Join("; ", sent.TakeLast(10))}");
    }

    /// <summary>Does what the state decides until all is applied.</summary>
    /// <returns>Why HAProxy has to be reloaded for it; null: it has not.</returns>
    public ReloadReason? RunUntilSettled(ProxyState state)
    {
        RunUntil(state, static step => step is NextStep.Idle or NextStep.Reload, out var step);
        return (step as NextStep.Reload)?.Reason;
    }

    public void Dispose()
    {
        _stateDirectory.Dispose();
        _directory.Delete(recursive: true);
    }

    private string Execute(PlannedCommand planned)
    {
        if (Refuses(planned.Command.Line) || (planned.Effect is Effect.ServerSet set && !IsAddition(planned) && !Actual.Servers(set.Backend).ContainsKey(set.Server)))
            return "No such server, or not today.";
        planned.Effect.ApplyTo(Actual);
        return planned.Command.Expect switch
        {
            ReplyRule.ServerAdded => "New server registered.",
            ReplyRule.ServerDeleted => "Server deleted.",
            _ => "",
        };
    }

    private static bool IsAddition(PlannedCommand planned) => planned.Command.Expect == ReplyRule.ServerAdded;

    private static RouteKey Key(int number) => new(string.Create(CultureInfo.InvariantCulture, $"s{number}.example"), "", PathMatch.Prefix);

    private static Route Route(int number) =>
        new(Key(number), new BackendKey(new BackendRef(Make.Key($"s{number}"), PortRef.Numbered(80)), [Make.Aws]), Make.Key("shop"));

    private static Fragment.Backend Backend(int number, string? address = null)
    {
        var endpoint = new BackendEndpoint(address ?? $"10.0.{number}.1", 8080, "pod", "node", "zone");
        return new Fragment.Backend(Make.Key($"s{number}"), [new MemberBackend(Make.Aws, [new BackendPort("http", 80, "", [endpoint])])]);
    }
}
