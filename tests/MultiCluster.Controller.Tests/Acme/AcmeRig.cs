using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Acme;
using MultiCluster.Acme.Renewal;
using MultiCluster.Actors;
using MultiCluster.Cluster.Replication;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Acme;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Status;
using MultiCluster.Controller.Storage;
using MultiCluster.Controller.Tests.Status;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Federation.Tls;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Controller.Tests.Acme;

/// <summary>The entity that gets certificates, with an authority that is down, a routing table and proxies that say what the test writes.</summary>
internal sealed class AcmeRig : IAsyncDisposable, IStatusSurvey
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private readonly string _folder = Directory.CreateTempSubdirectory("mc-acme-").FullName;
    private readonly DownAuthority _authority = new();
    private readonly MemberRegistry _members;

    public AcmeRig()
    {
        var key = EntityKeys.Of(EntityId.Ingress(AcmeEntity.Name));
        var gate = new WriteGate(Test.Time);
        gate.Own([(0, 7)]);
        gate.OpenUntil(long.MaxValue);
        var nobody = Test.Probe("nobody").Ref;
        var table = Test.ActorOf(Props.Create(() => new HolderTable(Holders)), "table");
        _members = new MemberRegistry([new MemberRegistration(Make.Aws, new ScriptedSource(), static () => [], Status: null) { Events = Events }]);
        var settings = new AcmeSettings(new AcmeOptions(new Uri("https://ca.example/dir")) { TermsAgreed = true }, _folder, TracksTlsAcme: true, new RenewalPolicy(), _authority);
        var parts = new AcmeParts(settings, this, _members, NullLogger.Instance);
        var start = new EntityStart(key, 0, 1, 7, 1, null, null, MayPublish: false, StartsOver: false, nobody, nobody, gate);
        var shared = new EntityContext(new CertificateCache(), new ScriptedResolver(), NoStore.Instance, table, nobody);
        Entity = Test.ActorOf(Props.Create(() => new AcmeEntity(start, shared, parts)), "acme");
        Test.Run();
    }

    public DeterministicSystem Test { get; } = new();

    public IActorRef Entity { get; }

    public FakeSink Events { get; } = new();

    public Dictionary<string, IReadOnlySet<string>> Holders { get; } = new(StringComparer.Ordinal);

    /// <summary>What the proxy does not take, as names and reasons.</summary>
    public List<KeyValuePair<string, string>> Refused { get; } = [];

    public ImmutableArray<HttpChallenge> Programmed { get; set; } = [];

    /// <summary>How often the authority was asked for anything.</summary>
    public int Asked => _authority.Asked;

    public void Live(params string[] hosts)
    {
        var ingress = Make.Ingress("shop", hosts[0], "shop") with
        {
            Meta = Make.Meta("shop") with { Annotations = EquatableMap.From([new("kubernetes.io/tls-acme", "true")]) },
            Tls = [new IngressTls([.. hosts], "shop-tls")],
        };
        var record = new EntityRecord.Ingress(Make.Key("shop"), [Make.Copy(Make.Aws, ingress)], null);
        Entity.Tell(new TableProtocol.Snapshot([new TableEntry(EntityKeys.Of(record.Entity), new TableVersion(3, 1), record)], IsReady: true, IsWhole: true));
        Test.Run();
    }

    /// <summary>Files are written by other threads, so that the test's time passes until they are.</summary>
    public async Task UntilAsync(Func<bool> holds, string what)
    {
        for (var began = TimeProvider.System.GetTimestamp(); !holds(); await Task.Yield())
        {
            Test.Advance(Step);
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60), $"still not: {what}");
        }
    }

    public void Pass(TimeSpan time) => Test.Advance(time);

    Task<SurveyAnswer> IStatusSurvey.AskAsync(SurveyQuestion question, CancellationToken cancellationToken)
    {
        var row = new Fragment.Ingress(AcmeEntity.Name, ChallengeRoutes.Of(Programmed), [], [], []);
        return Task.FromResult(new SurveyAnswer(
            ImmutableDictionary<ObjectKey, Fragment.Ingress>.Empty.Add(AcmeEntity.Name, row),
            ImmutableDictionary<ObjectKey, ServiceFacts>.Empty,
            ImmutableSortedDictionary<MemberName, MemberTraits>.Empty,
            [new ProxyFacts("edge", Runs: true, Told: 5, Applied: 5, [.. Refused])]));
    }

    public async ValueTask DisposeAsync()
    {
        await Test.DisposeAsync();
        _members.Dispose();
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class HolderTable(Dictionary<string, IReadOnlySet<string>> holders) : Actor
    {
        protected override ValueTask ReceiveAsync(object message)
        {
            if (message is RouteTableProtocol.GetHostHolders)
                Context.Reply(new RouteTableProtocol.HostHolders(new Dictionary<string, IReadOnlySet<string>>(holders, StringComparer.Ordinal)));
            return default;
        }
    }

    private sealed class DownAuthority : HttpMessageHandler
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            return Task.FromException<HttpResponseMessage>(new HttpRequestException("down"));
        }
    }
}
