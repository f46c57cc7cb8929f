using MultiCluster.Actors;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Status;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Traffic;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Controller.Tests.Status;

public sealed class FederatedStatusWriterTests : IAsyncDisposable
{
    private static readonly SinkResult Forbidden = new(SinkOutcome.Forbidden, "403; grant patch on federatedingresses/status");

    private readonly DeterministicSystem _test = new();
    private readonly FakeSink _home = new();
    private readonly WarningLog _log = new();
    private readonly Survey _survey = new();
    private readonly MemberRegistry _members;
    private readonly IActorRef _writer;

    public FederatedStatusWriterTests()
    {
        _members = new MemberRegistry([new MemberRegistration(StatusMake.Home, new ScriptedSource(), static () => [], null) { Federated = _home }]);
        var settings = new FederatedStatusSettings(_members, _survey, StatusMake.Addresses, TimeSpan.FromSeconds(10), _log);
        _writer = _test.ActorOf(Props.Create(() => new FederatedStatusWriter(settings)));
    }

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public void What_is_new_is_written_once_and_nothing_more_while_nothing_changes()
    {
        Judge(StatusMake.Federated(generation: 3));
        _test.Advance(TimeSpan.FromMinutes(10));
        var status = Assert.Single(_home.Statuses);
        Assert.Equal(3, status.Generation);
        Assert.Contains(status.Conditions, static condition => condition is { Type: "Programmed", Status: true });
        Judge(StatusMake.Federated(generation: 3));
        _test.Advance(TimeSpan.FromMinutes(10));
        Assert.Single(_home.Statuses);
        Assert.True(_survey.Asked > 100, "it looks again and again");

        Judge(StatusMake.Federated(generation: 4));
        _test.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal([3L, 4L], _home.Statuses.Select(static item => item.Generation));
    }

    /// <summary>Pods that come and go cost a write each half a minute, however many they are; that there are none is told at once.</summary>
    [Fact]
    public void Pods_that_come_and_go_are_no_write_each()
    {
        Judge(StatusMake.Federated());
        for (var i = 0; i < 1200; i++)
        {
            _survey.Pods = 1 + (i % 7);
            _test.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.InRange(_home.Statuses.Count, 2, 5);
        _survey.Pods = 0;
        _test.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(0, _home.Statuses[^1].Clusters[0].Ready);
    }

    [Fact]
    public void A_member_that_is_stale_is_told_with_a_time_that_stays_and_seconds_that_grow()
    {
        Judge(StatusMake.Federated());
        _test.Advance(TimeSpan.FromSeconds(10));
        _survey.Gcp = new MemberTraits(MemberState.Active) { IsStale = true, StaleReason = "Unreachable" };
        _test.Advance(TimeSpan.FromSeconds(10));
        var first = _home.Statuses[^1].Clusters[1];
        Assert.Equal(TimeSpan.Zero, first.Stale);
        _test.Advance(TimeSpan.FromMinutes(5));
        var later = _home.Statuses[^1].Clusters[1];
        Assert.Equal((first.LastObserved, TimeSpan.FromMinutes(5)), (later.LastObserved, later.Stale));
        // Hours of it are few writes.
        var before = _home.Statuses.Count;
        _test.Advance(TimeSpan.FromHours(8));
        Assert.InRange(_home.Statuses.Count - before, 5, 30);

        _survey.Gcp = MemberTraits.Default;
        _test.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(_home.Statuses[^1].Clusters[1].Stale);
    }

    [Fact]
    public void A_missing_right_is_said_once_and_goes_with_the_right()
    {
        _home.Answer = Forbidden;
        Judge(StatusMake.Federated());
        _test.Advance(TimeSpan.FromMinutes(10));
        Assert.InRange(_home.Statuses.Count, 5, 11);
        Assert.Contains("grant patch", Assert.Single(_log.Lines), StringComparison.Ordinal);
        Assert.Contains("grant patch", Assert.Single(_members.Writes.Of(StatusMake.Home)), StringComparison.Ordinal);

        _home.Answer = SinkResult.Done;
        _test.Advance(TimeSpan.FromMinutes(2));
        Assert.Empty(_members.Writes.Of(StatusMake.Home));
        var written = _home.Statuses.Count;
        _test.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(written, _home.Statuses.Count);
    }

    [Fact]
    public void Nothing_is_written_without_the_lease_or_for_an_owner_that_has_stopped()
    {
        var permit = StatusMake.Owned(_test);
        permit.Gate.Close();
        Judge(StatusMake.Federated(), permit);
        _test.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(_home.Statuses);

        _writer.Tell(new StatusProtocol.Released(StatusMake.Shop, permit));
        permit.Gate.Own([(3, 7)]);
        permit.Gate.OpenUntil(long.MaxValue);
        _test.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(_home.Statuses);
    }

    /// <summary>An empty status would be a lie: the object is deleted, or another owner writes it.</summary>
    [Fact]
    public void What_goes_is_not_wiped()
    {
        var permit = StatusMake.Owned(_test);
        Judge(StatusMake.Federated(), permit);
        _test.Advance(TimeSpan.FromSeconds(10));
        _writer.Tell(new StatusProtocol.Judged(StatusMake.Shop, null, null, permit));
        _test.Advance(TimeSpan.FromMinutes(1));
        Assert.Single(_home.Statuses);
    }

    [Fact]
    public void One_that_is_deleted_and_made_anew_is_written_anew()
    {
        Judge(StatusMake.Federated(uid: "u1"));
        _test.Advance(TimeSpan.FromSeconds(10));
        Judge(StatusMake.Federated(uid: "u2"));
        _test.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(2, _home.Statuses.Count);
    }

    [Fact]
    public void Actors_that_do_not_answer_are_asked_again()
    {
        _survey.Fails = true;
        Judge(StatusMake.Federated());
        _test.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty(_home.Statuses);
        _survey.Fails = false;
        _test.Advance(TimeSpan.FromSeconds(10));
        Assert.Single(_home.Statuses);
    }

    private void Judge(FederatedIngressResource federated, WritePermit? permit = null)
    {
        var verdict = StatusMake.Verdict(federated);
        _survey.Verdict = verdict;
        _writer.Tell(new StatusProtocol.Judged(StatusMake.Shop, verdict, null, permit ?? StatusMake.Owned(_test)));
    }

    private sealed class Survey : IStatusSurvey
    {
        public IngressVerdict Verdict { get; set; } = null!;

        public int Pods { get; set; } = 3;

        public MemberTraits Gcp { get; set; } = MemberTraits.Default;

        public bool Fails { get; set; }

        public int Asked { get; private set; }

        public Task<SurveyAnswer> AskAsync(SurveyQuestion question, CancellationToken cancellationToken)
        {
            Asked++;
            Assert.Equal(StatusMake.Shop, Assert.Single(question.Ingresses));
            Assert.Equal(Make.Key("web"), Assert.Single(question.Services));
            return Fails
                ? Task.FromException<SurveyAnswer>(new TimeoutException("no answer"))
                : Task.FromResult(StatusMake.Answer(Verdict, StatusMake.Members((Make.Gcp, Gcp)), (Make.Aws, Pods, 0), (Make.Gcp, 1, 0)));
        }
    }
}
