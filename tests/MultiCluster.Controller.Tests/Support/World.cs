using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Actors;
using MultiCluster.Cluster;
using MultiCluster.Cluster.Replication;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Status;
using MultiCluster.Controller.Storage;
using MultiCluster.Federation.Members;
using MultiCluster.Federation.Tls;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Controller.Tests.Support;

/// <summary>Everything between scripted members and a proxy's subscription, wired as in production, in the test's time.</summary>
internal sealed class World : IAsyncDisposable
{
    private static readonly OneForOneStrategy KeepTrying = new(maxRestarts: OneForOneStrategy.Unlimited);

    private readonly MemberViewOptions _view;
    private readonly IActorRef _fromWatchers;
    private bool _asksAreLost;

    public World(int seed = 1, params MemberName[] members)
        : this(seed, MemberViewOptions.Default, members)
    {
    }

    public World(int seed, MemberViewOptions view, params MemberName[] members)
    {
        _view = view;
        Members = new MemberRegistry(members.Select(Registration));
        Test = new DeterministicSystem(seed, options => options with { GuardianStrategy = KeepTrying });
        var replica = new TaskCompletionSource<IActorRef>();
        var settings = new RouteTableSettings([.. members], Patience, replica.Task, NullLogger.Instance);
        Table = Test.ActorOf(Props.Create(() => new RouteTable(settings)), "route-table");
        var spy = Test.ActorOf(Props.Create(() => new Spy(Table, Told, MemberRows)), "spy");
        _fromWatchers = Test.ActorOf(Props.Create(() => new Loss(() => Node!.Region, () => _asksAreLost)), "from-watchers");
        Reports = Test.ActorOf(Props.Create(() => new Listener(Reported)), "reports");
        var shared = new EntityContext(new CertificateCache(), Resolver, NoStore.Instance, spy, null) { Reporters = new Reporters(Reports, Test.Probe("events").Ref, Reports) };
        var cluster = ClusterSetup.Alone();
        Node = ClusterNode.Start(Test.System, cluster.Options, new ClusterServices
        {
            Leases = cluster.Leases,
            Transport = cluster.Transport,
            Journal = NoStore.Instance,
            Random = new Random(seed),
            Entities = Entities(shared, spy),
        });
        Node.Table.Tell(new TableProtocol.Subscribe(), spy);
        replica.SetResult(Node.Table);
        var directory = new MemberDirectorySettings(Members, [Feed], Task.FromResult(Node), Table, Grace, NullLogger.Instance);
        Directory = Test.ActorOf(Props.Create(() => new MemberDirectory(directory)), "members");
        // Until this node has joined and owns all shards, and so runs all watchers.
        for (var waited = 0; members.Any(member => Source(member).Runs == 0); waited++)
        {
            Assert.True(waited < 100, "the watchers did not start");
            Test.Advance(TimeSpan.FromMilliseconds(20));
        }
    }

    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);

    public static TimeSpan Grace { get; } = TimeSpan.FromSeconds(30);

    public ClusterNode Node { get; }

    public MemberRegistry Members { get; }

    public ScriptedFeed Feed { get; } = new();

    public IActorRef Directory { get; }

    public DeterministicSystem Test { get; }

    public ScriptedResolver Resolver { get; } = new();

    public ScriptedSource Aws { get; } = new();

    public ScriptedSource Gcp { get; } = new();

    public IActorRef Table { get; }

    /// <summary>What entities and watchers tell those who write it to API servers.</summary>
    public List<object> Reported { get; } = [];

    private IActorRef Reports { get; }

    /// <summary>What the replica heard entities publish and the route table heard watchers say, in order of arrival.</summary>
    public List<object> Told { get; } = [];

    /// <summary>What entities of members have published.</summary>
    public List<TableEntry> MemberRows { get; } = [];

    /// <summary>Until told otherwise what watchers ask of the entities of their members does not arrive.</summary>
    public void LoseAsks(bool lost = true) => _asksAreLost = lost;

    public IEnumerable<TableEntry> Published(EntityId entity) =>
        Told.OfType<TableEntry>().Where(entry => string.Equals(entry.Key, EntityKeys.Of(entity), StringComparison.Ordinal));

    public static Fragment? FragmentOf(TableEntry entry) => (entry.Payload as EntityRecord)?.Published;

    public Task<T> AskEntityAsync<T>(EntityId entity, object question) =>
        AskAsync<T>(Node.Region, new ShardingProtocol.ToRunning(EntityKeys.Of(entity), question));

    public Task<MemberProtocol.MemberStatus> StatusAsync(MemberName member) =>
        AskAsync<MemberProtocol.MemberStatus>(Node.Region, new ShardingProtocol.ToEntity(MemberKeys.Of(member), new MemberProtocol.GetStatus()));

    /// <summary>Asks once all that was said before has been done: events of members pass through several actors.</summary>
    public async Task<T> AskAsync<T>(IActorRef actor, object question)
    {
        Test.Run();
        var answer = actor.AskAsync<T>(question, TimeSpan.FromMinutes(1));
        Test.Run();
        return await answer;
    }

    public async Task<RoutingDelta> RoutesAsync() => (await AskAsync<RouteTableProtocol.Routes>(Table, new RouteTableProtocol.GetRoutes())).Table;

    /// <summary>Such as "shop.example->aws,gcp".</summary>
    public async Task<string> RouteTextAsync()
    {
        var table = await RoutesAsync();
        return string.Join(' ', table.Routes.Select(static item => $"{item.Key.Host}->{string.Join(',', item.Value!.Backend.Members)}").Order(StringComparer.Ordinal));
    }

    /// <summary>Addresses in all members of a Service that a route refers to: others are no part of routing.</summary>
    public async Task<string> AddressesAsync(string service)
    {
        var table = await RoutesAsync();
        var fragment = table.Backends.SingleOrDefault(item => item.Key == Make.Key(service)).Value;
        return fragment is null ? "none" : string.Join(' ', Addresses(fragment));
    }

    public static IEnumerable<string> Addresses(Fragment.Backend fragment) =>
        fragment.Members.SelectMany(static member => member.Ports).SelectMany(static port => port.Endpoints).Select(static endpoint => endpoint.Address);

    public ValueTask DisposeAsync() => Test.DisposeAsync();

    public MemberRegistration Registration(MemberName member) => new(member, Source(member), static () => [], Status: null) { View = _view };

    public async Task<MemberTraits?> TraitsAsync(MemberName member) =>
        (await AskAsync<MemberProtocol.Traits>(Node.Region, new ShardingProtocol.ToEntity(EntityKeys.Of(EntityId.Member(member)), new MemberProtocol.GetTraits()))).Value;

    private ScriptedSource Source(MemberName member) => member == Make.Aws ? Aws : Gcp;

    private EntityFactory Entities(EntityContext shared, IActorRef table)
    {
        var settings = new MemberWatcherSettings(Members, new ClassOptions(WatchWithoutClass: true), Patience, table, NullLogger.Instance) { Reports = Reports };
        return new EntityFactory(shared, Members, (member, start) => Props.Create(() => new MemberWatcher(member, settings, start with { Region = _fromWatchers })));
    }

    private sealed class Listener(List<object> reported) : Actor
    {
        protected override ValueTask ReceiveAsync(object message)
        {
            reported.Add(message);
            return default;
        }
    }

    /// <summary>Between watchers and the region.</summary>
    private sealed class Loss(Func<IActorRef> region, Func<bool> losesAsks) : Actor
    {
        protected override ValueTask ReceiveAsync(object message)
        {
            if (message is not ShardingProtocol.ToEntity { Message: MemberProtocol.GetTraits } || !losesAsks())
                region().Tell(message, Sender);
            return default;
        }
    }

    private sealed class Spy(IActorRef table, List<object> told, List<TableEntry> members) : Actor
    {
        protected override ValueTask ReceiveAsync(object message)
        {
            switch (message)
            {
                case TableProtocol.Changed changed:
                    told.AddRange(changed.Entries.Where(static entry => entry.Payload is not EntityRecord.Member));
                    members.AddRange(changed.Entries.Where(static entry => entry.Payload is EntityRecord.Member));
                    break;
                case TableProtocol.Snapshot or TableProtocol.Ready or TableProtocol.Whole:
                    break;
                case MemberProtocol.MemberSynced:
                    told.Add(message);
                    table.Tell(message, Sender);
                    break;
                default:
                    table.Tell(message, Sender);
                    break;
            }

            return default;
        }
    }
}
