using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Actors;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Routing;
using MultiCluster.Federation.Members;
using MultiCluster.Federation.Tls;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Controller.Tests.Support;

/// <summary>Everything between scripted members and a proxy's subscription, wired as in production, in the test's time.</summary>
internal sealed class World : IAsyncDisposable
{
    private static readonly OneForOneStrategy KeepTrying = new(maxRestarts: OneForOneStrategy.Unlimited);

    private readonly Dictionary<MemberName, IActorRef> _watchers = [];

    public World(int seed = 1, params MemberName[] members)
    {
        Test = new DeterministicSystem(seed, options => options with { GuardianStrategy = KeepTrying });
        var settings = new RouteTableSettings([.. members], TimeSpan.FromSeconds(30), NullLogger.Instance);
        Table = Test.ActorOf(Props.Create(() => new RouteTable(settings)), "table");
        var spy = Test.ActorOf(Props.Create(() => new Spy(Table, Told)), "spy");
        var shared = new EntityContext(new FragmentClock(Test.Time), new CertificateCache(), Resolver, spy, null);
        Region = Test.ActorOf(Props.Create(() => new EntityRegion(id => EntityProps(id, shared))).WithSupervisor(KeepTrying), "region");
        Table.Tell(new RouteTable.AttachRegion(Region));
        foreach (var member in members)
        {
            var watcher = new MemberWatcherSettings(
                member, Source(member), new ClassOptions(WatchWithoutClass: true), static () => [], Region, spy, NullLogger.Instance);
            _watchers.Add(member, Test.ActorOf(Props.Create(() => new MemberWatcher(watcher)), $"member-{member}"));
        }

        Test.Run();
    }

    public DeterministicSystem Test { get; }

    public ScriptedResolver Resolver { get; } = new();

    public ScriptedSource Aws { get; } = new();

    public ScriptedSource Gcp { get; } = new();

    public IActorRef Table { get; }

    public IActorRef Region { get; }

    /// <summary>All that entities and watchers told the table, in order of arrival.</summary>
    public List<object> Told { get; } = [];

    public IActorRef Watcher(MemberName member) => _watchers[member];

    public IEnumerable<FragmentUpdate> Published(EntityId entity) =>
        Told.OfType<RouteTableProtocol.Publish>().Select(static publish => publish.Update).Where(update => update.Entity == entity);

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

    private ScriptedSource Source(MemberName member) => member == Make.Aws ? Aws : Gcp;

    private static Props EntityProps(EntityId id, EntityContext shared) => id.Kind == EntityKind.Ingress
        ? Props.Create(() => new IngressEntity(id.Key, shared))
        : Props.Create(() => new BackendEntity(id.Key, shared));

    private sealed class Spy(IActorRef table, List<object> told) : Actor
    {
        protected override ValueTask ReceiveAsync(object message)
        {
            told.Add(message);
            table.Tell(message, Sender);
            return default;
        }
    }
}
