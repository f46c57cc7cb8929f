using MultiCluster.Actors;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Status;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Controller.Tests.Status;

public sealed class EventReporterTests : IAsyncDisposable
{
    private readonly DeterministicSystem _test = new();
    private readonly FakeSink _aws = new();
    private readonly FakeSink _gcp = new();
    private readonly WarningLog _log = new();
    private readonly MemberRegistry _members;
    private readonly WritePermit _permit;
    private readonly IActorRef _reporter;

    public EventReporterTests()
    {
        _members = new MemberRegistry(
        [
            new MemberRegistration(Make.Aws, new ScriptedSource(), static () => [], null) { Events = _aws },
            new MemberRegistration(Make.Gcp, new ScriptedSource(), static () => [], null) { Events = _gcp },
        ]);
        _permit = StatusMake.Owned(_test);
        var settings = new ReportSettings(_members, _log);
        _reporter = _test.ActorOf(Props.Create(() => new EventReporter(settings)));
    }

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public void A_conflict_is_told_once_on_every_copy_and_so_is_its_end()
    {
        Judge(Conflicting);
        _test.Advance(TimeSpan.FromMinutes(1));
        Judge(Conflicting);
        _test.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["Warning PathConflict Ingress"], _aws.EventTexts);
        Assert.Equal(["Warning PathConflict Ingress"], _gcp.EventTexts);
        Assert.Equal((Make.Key("shop"), "of-gcp"), (_gcp.Events[0].Object, _gcp.Events[0].Uid));
        Assert.Contains("web/shop", _gcp.Events[0].Message, StringComparison.Ordinal);

        Judge(Agreeing);
        _test.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["Warning PathConflict Ingress", "Normal NoConflicts Ingress"], _aws.EventTexts);
        Assert.Equal(["Warning PathConflict Ingress", "Normal NoConflicts Ingress"], _gcp.EventTexts);
    }

    [Fact]
    public void What_is_over_at_once_is_not_told()
    {
        Judge(Conflicting);
        _test.Advance(TimeSpan.FromSeconds(1));
        Judge(Agreeing);
        _test.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(_aws.Events);
    }

    [Fact]
    public void What_the_owner_before_had_said_is_not_said_again_but_its_end_is()
    {
        _reporter.Tell(new StatusProtocol.Judged(StatusMake.Shop, Conflicting, Conflicting, _permit));
        _test.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(_aws.Events);
        Judge(Agreeing);
        _test.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["Normal NoConflicts Ingress"], _aws.EventTexts);
    }

    [Fact]
    public void Of_a_member_that_is_not_heard_yet_nothing_is_said_and_nothing_forgotten()
    {
        var unheard = Conflicting with { Objects = [.. Conflicting.Objects.Select(static item => item with { IsHeard = item.Member == Make.Aws })] };
        _reporter.Tell(new StatusProtocol.Judged(StatusMake.Shop, unheard, Conflicting, _permit));
        _test.Advance(TimeSpan.FromMinutes(1));
        Judge(Conflicting);
        _test.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(_gcp.Events);
        Judge(Agreeing);
        _test.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["Normal NoConflicts Ingress"], _gcp.EventTexts);
    }

    [Fact]
    public void A_missing_right_is_said_once_and_the_other_member_hears_all_the_same()
    {
        _aws.Answer = new SinkResult(SinkOutcome.Forbidden, "403; grant create and patch on events.events.k8s.io");
        Judge(Conflicting);
        _test.Advance(TimeSpan.FromMinutes(10));
        Assert.Single(_gcp.Events);
        Assert.InRange(_aws.Events.Count, 5, 11);
        Assert.Contains("grant create", Assert.Single(_log.Lines), StringComparison.Ordinal);
        Assert.Contains("grant create", Assert.Single(_members.Writes.Of(Make.Aws)), StringComparison.Ordinal);
        Assert.Empty(_members.Writes.Of(Make.Gcp));

        _aws.Answer = SinkResult.Done;
        _test.Advance(TimeSpan.FromMinutes(2));
        Assert.Empty(_members.Writes.Of(Make.Aws));
        var told = _aws.Events.Count;
        _test.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(told, _aws.Events.Count);
    }

    [Fact]
    public void What_was_never_told_has_no_end_to_be_told()
    {
        _aws.Answer = new SinkResult(SinkOutcome.Failed, "not connected");
        Judge(Conflicting);
        _test.Advance(TimeSpan.FromMinutes(1));
        _aws.Answer = SinkResult.Done;
        var tried = _aws.Events.Count;
        Judge(Agreeing);
        _test.Advance(TimeSpan.FromMinutes(1));
        Assert.DoesNotContain(_aws.Events.Skip(tried), static item => !item.IsWarning);
    }

    [Fact]
    public void What_is_over_while_it_is_being_said_gets_its_end_told()
    {
        _aws.Held = new TaskCompletionSource();
        Judge(Conflicting);
        _test.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["Warning PathConflict Ingress"], _aws.EventTexts);
        Judge(Agreeing);
        _test.Advance(TimeSpan.FromMinutes(1));
        var held = _aws.Held;
        _aws.Held = null;
        held.SetResult();
        _test.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["Warning PathConflict Ingress", "Normal NoConflicts Ingress"], _aws.EventTexts);
    }

    [Fact]
    public void A_copy_that_is_gone_is_told_nothing()
    {
        Judge(Conflicting);
        _test.Advance(TimeSpan.FromMinutes(1));
        Judge(StatusMake.Verdict(Copy(Make.Aws, "one")));
        _test.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, _aws.Events.Count);
        Assert.Single(_gcp.Events);
        _reporter.Tell(new StatusProtocol.Judged(StatusMake.Shop, null, null, _permit));
        _test.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, _aws.Events.Count);
    }

    [Fact]
    public void An_ingress_of_another_controller_or_left_out_by_its_author_is_left_alone()
    {
        Judge(StatusMake.Verdict(Copy(Make.Aws, "one") with { Class = ClassVerdict.Foreign }, Copy(Make.Gcp, "one") with { Class = ClassVerdict.Missing }));
        _test.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(_aws.Events);
        Assert.Empty(_gcp.Events);
        // As a copy of one that is served it concerns us.
        Judge(StatusMake.Verdict(Copy(Make.Aws, "one"), Copy(Make.Gcp, "one") with { Class = ClassVerdict.Missing }));
        _test.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains("Warning ClassNotFound Ingress", _gcp.EventTexts);
    }

    [Fact]
    public void Nothing_is_told_without_the_lease_or_for_an_owner_that_has_stopped()
    {
        _permit.Gate.Close();
        Judge(Conflicting);
        _test.Advance(TimeSpan.FromMinutes(1));
        _reporter.Tell(new StatusProtocol.Released(StatusMake.Shop, _permit));
        _permit.Gate.Own([(3, 7)]);
        _permit.Gate.OpenUntil(long.MaxValue);
        _test.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(_aws.Events);
    }

    private static IngressVerdict Conflicting => StatusMake.Verdict(Copy(Make.Aws, "one"), Copy(Make.Gcp, "two"));

    private static IngressVerdict Agreeing => StatusMake.Verdict(Copy(Make.Aws, "one"), Copy(Make.Gcp, "one"));

    private static IngressCopy Copy(Model.Identity.MemberName member, string service)
    {
        var ingress = Make.Ingress("shop", "shop.example", service);
        return Make.Copy(member, ingress with { Meta = ingress.Meta with { Uid = $"of-{member}" } }) with { Services = [Make.Service(service)] };
    }

    private void Judge(IngressVerdict verdict) => _reporter.Tell(new StatusProtocol.Judged(StatusMake.Shop, verdict, null, _permit));
}
