using MultiCluster.Controller.Proxies;
using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.HAProxy.Planning;
using MultiCluster.Model.Identity;

namespace MultiCluster.Controller.Tests.Proxies;

public sealed class ProxyStateTests : IDisposable
{
    private static readonly Readiness Waiting = new([Make.Aws], GaveUpWaiting: false);
    private static readonly Readiness GaveUp = new([Make.Aws], GaveUpWaiting: true);
    private static readonly Readiness Complete = new([], GaveUpWaiting: false);

    private readonly ProxyFixture _proxy = new();

    public void Dispose() => _proxy.Dispose();

    [Fact]
    public void It_first_looks_whether_a_HAProxy_runs_and_writes_nothing_for_that()
    {
        Assert.Equal(new NextStep.Open(Publish: false), _proxy.State.Decide());
        _proxy.State.OnSnapshot(ProxyFixture.Routes(1), Complete);
        Assert.Equal(new NextStep.Open(Publish: false), _proxy.State.Decide());
    }

    [Fact]
    public void With_nothing_running_and_no_start_file_the_first_start_waits_for_the_members()
    {
        _proxy.State.OnOpened(null, hadStartFile: false, poolSizeOnDisk: 0);
        Assert.IsType<NextStep.Idle>(_proxy.State.Decide());
        _proxy.State.OnSnapshot(ProxyFixture.Routes(1), Waiting);
        Assert.Contains("aws", Assert.IsType<NextStep.Idle>(_proxy.State.Decide()).Why, StringComparison.Ordinal);
        Assert.False(_proxy.State.MayPublish);

        _proxy.State.OnReadiness(Complete);
        Assert.Equal(new NextStep.Open(Publish: true), _proxy.State.Decide());
    }

    [Fact]
    public void The_first_start_goes_on_without_a_member_that_takes_too_long()
    {
        _proxy.State.OnOpened(null, hadStartFile: false, poolSizeOnDisk: 0);
        _proxy.State.OnSnapshot(ProxyFixture.Routes(1), GaveUp);
        Assert.Equal(new NextStep.Open(Publish: true), _proxy.State.Decide());
    }

    [Fact]
    public void With_a_start_file_HAProxy_is_opened_without_waiting_and_the_file_stays_till_all_is_known()
    {
        _proxy.State.OnOpened(null, hadStartFile: true, poolSizeOnDisk: 4);
        _proxy.State.OnSnapshot(ProxyFixture.Routes(1), Waiting);
        Assert.Equal(new NextStep.Open(Publish: false), _proxy.State.Decide());
        _proxy.State.OnReadiness(GaveUp);
        Assert.False(_proxy.State.MayPublish);
        Assert.Equal(new NextStep.Open(Publish: false), _proxy.State.Decide());
        _proxy.State.OnReadiness(Complete);
        Assert.Equal(new NextStep.Open(Publish: true), _proxy.State.Decide());
    }

    [Fact]
    public void A_HAProxy_with_our_program_is_adopted_without_a_reload_and_loses_nothing_until_all_is_known()
    {
        _proxy.Programmed(ProxyFixture.Routes(2));
        var adopting = new ProxyState(_proxy.Settings);
        adopting.OnOpened(_proxy.Opened(), hadStartFile: true, poolSizeOnDisk: 4);
        adopting.OnSnapshot(ProxyFixture.Routes(1), Waiting);
        Assert.IsType<NextStep.Idle>(adopting.Decide());

        adopting.OnReadiness(GaveUp);
        Assert.Empty(_proxy.RunUntilIdle(adopting));
        adopting.OnReadiness(Complete);
        var sent = _proxy.RunUntilIdle(adopting);
        Assert.Contains(sent, static line => line.StartsWith("del map", StringComparison.Ordinal));
        Assert.Contains(sent, static line => line.StartsWith("del server", StringComparison.Ordinal));
        Assert.Null(Assert.IsType<NextStep.Idle>(adopting.Decide()).Why);
    }

    /// <summary>A kubeconfig with a typo must not keep what is deleted in other members for good, nor the reload that a larger pool needs.</summary>
    [Fact]
    public void Nothing_waits_for_a_member_that_HAProxy_has_nothing_of()
    {
        _proxy.Programmed(ProxyFixture.Routes(2));
        var adopting = new ProxyState(_proxy.Settings);
        adopting.OnSnapshot(ProxyFixture.Routes(1), new Readiness([new MemberName("edge")], GaveUpWaiting: false));
        adopting.OnOpened(_proxy.Opened(), hadStartFile: true, poolSizeOnDisk: 4);
        Assert.DoesNotContain(_proxy.RunUntilIdle(adopting), static line => line.StartsWith("del map", StringComparison.Ordinal));

        adopting.OnReadiness(new Readiness([new MemberName("edge")], GaveUpWaiting: true));
        Assert.Contains(_proxy.RunUntilIdle(adopting), static line => line.StartsWith("del map", StringComparison.Ordinal));
        Assert.Null(Assert.IsType<NextStep.Idle>(adopting.Decide()).Why);
        Assert.True(adopting.MayPublish);
    }

    /// <summary>However long the member is away, what HAProxy would start from must not grow old.</summary>
    [Theory]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(1, false)]
    public void While_a_member_is_away_a_start_file_is_written_unless_HAProxy_has_what_it_would_not_say(int routes, bool isWritten)
    {
        _proxy.Programmed(ProxyFixture.Routes(2));
        var adopting = new ProxyState(_proxy.Settings);
        adopting.OnOpened(_proxy.Opened(), hadStartFile: true, poolSizeOnDisk: 4);
        adopting.OnSnapshot(ProxyFixture.Routes(routes), GaveUp);
        Assert.False(adopting.MayPublish);
        _proxy.RunUntilIdle(adopting);
        Assert.Equal(isWritten, adopting.MayPublish);
    }

    /// <summary>Also of members that have been read, a controller that has fallen behind knows what was.</summary>
    [Fact]
    public void From_a_controller_that_is_behind_nothing_is_taken_away_and_nothing_is_written()
    {
        _proxy.Programmed(ProxyFixture.Routes(2));
        var adopting = new ProxyState(_proxy.Settings);
        adopting.OnOpened(_proxy.Opened(), hadStartFile: true, poolSizeOnDisk: 4);
        adopting.OnSnapshot(ProxyFixture.Routes(2), new Readiness([Readiness.ControllerBehind], GaveUpWaiting: true));
        Assert.Empty(_proxy.RunUntilIdle(adopting));
        Assert.False(adopting.MayPublish);
        adopting.Take(ProxyFixture.Moved(1));
        Assert.DoesNotContain(_proxy.RunUntilIdle(adopting), static line => line.StartsWith("del", StringComparison.Ordinal));
        adopting.OnReadiness(new Readiness([new MemberName("other")], GaveUpWaiting: true));
        Assert.Contains(_proxy.RunUntilIdle(adopting), static line => line.StartsWith("del server", StringComparison.Ordinal));
    }

    [Fact]
    public void An_adopted_HAProxy_that_holds_all_there_is_gets_no_command()
    {
        _proxy.Programmed(ProxyFixture.Routes(2));
        var adopting = new ProxyState(_proxy.Settings);
        adopting.OnSnapshot(ProxyFixture.Routes(2), Complete);
        adopting.OnOpened(_proxy.Opened(), hadStartFile: true, poolSizeOnDisk: 4);
        Assert.Empty(_proxy.RunUntilIdle(adopting));
        Assert.Equal(adopting.Reconciler!.Desired.Version, adopting.AppliedVersion);
    }

    [Fact]
    public void Another_program_is_replaced_by_a_reload_but_only_when_all_is_known()
    {
        _proxy.State.OnOpened(_proxy.Opened(description: "something else"), hadStartFile: true, poolSizeOnDisk: 4);
        _proxy.State.OnSnapshot(ProxyFixture.Routes(1), Waiting);
        Assert.IsType<NextStep.Idle>(_proxy.State.Decide());
        _proxy.State.OnReadiness(GaveUp);
        Assert.IsType<NextStep.Idle>(_proxy.State.Decide());
        _proxy.State.OnReadiness(Complete);
        Assert.Equal(new NextStep.Reload(ReloadReason.ProgramChanged), _proxy.State.Decide());
    }

    [Fact]
    public void Behind_another_program_the_data_goes_on_while_a_member_cannot_be_read()
    {
        _proxy.Programmed(ProxyFixture.Routes(1));
        var adopting = new ProxyState(_proxy.Settings);
        adopting.OnOpened(_proxy.Opened(_proxy.OtherProgram), hadStartFile: true, poolSizeOnDisk: 4);
        adopting.OnSnapshot(ProxyFixture.Routes(2), GaveUp);

        var sent = _proxy.RunUntil<NextStep.Idle>(adopting, out var idle);
        Assert.Contains(sent, static line => line.StartsWith("add server", StringComparison.Ordinal));
        Assert.Contains("waits for members aws", idle.Why, StringComparison.Ordinal);
        Assert.Equal(adopting.Reconciler!.Desired.Version, adopting.AppliedVersion);

        // With all members read what can go out goes first, and then there is one reload.
        adopting.OnReadiness(Complete);
        _proxy.RunUntil<NextStep.Reload>(adopting, out var reload);
        Assert.Equal(ReloadReason.ProgramChanged, reload.Reason);
    }

    [Fact]
    public void After_a_refused_reload_the_data_goes_on_and_the_reload_is_tried_again()
    {
        _proxy.Programmed(ProxyFixture.Routes(1));
        var adopting = new ProxyState(_proxy.Settings);
        adopting.OnOpened(_proxy.Opened(_proxy.OtherProgram, "global\n"), hadStartFile: true, poolSizeOnDisk: 4);
        adopting.OnSnapshot(ProxyFixture.Routes(1), Complete);
        Assert.Equal(new NextStep.Reload(ReloadReason.ProgramChanged), adopting.Decide());
        adopting.BlockReload("port in use", isFileRefused: false);

        adopting.Take(ProxyFixture.Routes(3));
        var sent = _proxy.RunUntil<NextStep.Idle>(adopting, out var idle);
        Assert.Equal(2, sent.Count(static line => line.StartsWith("add server", StringComparison.Ordinal)));
        Assert.Contains("port in use", idle.Why, StringComparison.Ordinal);
        Assert.StartsWith("global\n", string.Concat(adopting.RenderRunning()!.Parts[0].Chunks), StringComparison.Ordinal);

        adopting.AllowReload();
        Assert.Equal(new NextStep.Reload(ReloadReason.ProgramChanged), adopting.Decide());
    }

    [Fact]
    public void A_program_of_other_layout_is_left_alone_until_its_reload()
    {
        _proxy.Programmed(ProxyFixture.Routes(1));
        var adopting = new ProxyState(_proxy.Settings);
        var older = (_proxy.Settings.Identity with { Layout = "00000000" }).ToString();
        adopting.OnOpened(_proxy.Opened(older, "global\n"), hadStartFile: true, poolSizeOnDisk: 4);
        adopting.OnSnapshot(ProxyFixture.Routes(2), GaveUp);
        Assert.Empty(_proxy.RunUntilIdle(adopting));
        Assert.Null(adopting.RenderRunning());
        adopting.OnReadiness(Complete);
        Assert.Equal(new NextStep.Reload(ReloadReason.ProgramChanged), adopting.Decide());
    }

    [Fact]
    public void A_start_file_that_HAProxy_refuses_is_not_written_over_one_that_it_takes()
    {
        _proxy.Programmed(ProxyFixture.Routes(1));
        Assert.NotNull(_proxy.State.RenderRunning());
        _proxy.State.BlockReload("refused", isFileRefused: true);
        Assert.Null(_proxy.State.RenderRunning());
        _proxy.State.AllowReload();
        Assert.NotNull(_proxy.State.RenderRunning());
    }

    [Fact]
    public void A_reload_for_slots_that_failed_keeps_its_reason_and_holds_up_nothing_else()
    {
        _proxy.Programmed(ProxyFixture.Routes(0));
        _proxy.State.OnSnapshot(ProxyFixture.Routes(ProxyFixture.PoolSize + 1), Complete);
        _proxy.RunUntil<NextStep.Reload>(_proxy.State, out var reload);
        Assert.Equal(ReloadReason.PoolExhausted, reload.Reason);
        _proxy.State.PrepareReload();
        _proxy.State.BlockReload("refused", isFileRefused: false);

        // HAProxy goes on as before, with the slots it had.
        _proxy.State.OnOpened(_proxy.Opened(), hadStartFile: true, poolSizeOnDisk: 0);
        _proxy.State.Take(ProxyFixture.Moved(1));
        var sent = _proxy.RunUntil<NextStep.Idle>(_proxy.State, out var idle);
        Assert.Contains(sent, static line => line.StartsWith("add server", StringComparison.Ordinal));
        Assert.Contains("no place", idle.Why, StringComparison.Ordinal);

        _proxy.State.AllowReload();
        Assert.Equal(new NextStep.Reload(ReloadReason.PoolExhausted), _proxy.State.Decide());
    }

    [Fact]
    public void When_the_pool_runs_out_what_has_a_place_goes_first_and_then_there_is_one_reload()
    {
        _proxy.Programmed(ProxyFixture.Routes(0));
        _proxy.State.OnSnapshot(ProxyFixture.Routes(ProxyFixture.PoolSize + 2), Complete);
        var added = _proxy.RunUntil<NextStep.Reload>(_proxy.State, out var reload);
        Assert.Equal(ProxyFixture.PoolSize, added.Count(static line => line.StartsWith("add server", StringComparison.Ordinal)));
        Assert.Equal(ReloadReason.PoolExhausted, reload.Reason);

        _proxy.State.PrepareReload();
        _proxy.Reloaded(_proxy.State);
        var rest = _proxy.RunUntil<NextStep.Idle>(_proxy.State, out var idle);
        Assert.Null(idle.Why);
        Assert.DoesNotContain(rest, static line => line.StartsWith("reload", StringComparison.Ordinal));
        Assert.Equal(ProxyFixture.PoolSize * 2, _proxy.State.Reconciler!.Desired.Pool.Size);
        Assert.Empty(_proxy.State.Reconciler.Desired.WithoutSlot);
    }

    [Fact]
    public void A_doubt_is_settled_by_reading_all_and_a_loss_by_opening_again()
    {
        _proxy.Programmed(ProxyFixture.Routes(1));
        _proxy.State.Doubt();
        Assert.IsType<NextStep.Read>(_proxy.State.Decide());
        _proxy.State.OnRead(_proxy.Reading());
        Assert.Null(Assert.IsType<NextStep.Idle>(_proxy.State.Decide()).Why);

        _proxy.State.OnLost();
        Assert.Equal(new NextStep.Open(Publish: true), _proxy.State.Decide());
        _proxy.State.OnOpened(_proxy.Opened(), hadStartFile: true, poolSizeOnDisk: 4);
        Assert.Empty(_proxy.RunUntilIdle(_proxy.State));
    }

    [Fact]
    public void What_somebody_changed_by_hand_is_put_right_after_the_next_look()
    {
        _proxy.Programmed(ProxyFixture.Routes(1));
        var map = _proxy.Actual.Map(HAProxy.Data.RouteMaps.Routing.First(map => _proxy.Actual.Map(map).Count > 0));
        map.Clear();
        _proxy.State.Doubt();
        Assert.Contains(_proxy.RunUntilIdle(_proxy.State), static line => line.StartsWith("add map", StringComparison.Ordinal));
    }

    [Fact]
    public void A_command_that_is_refused_again_and_again_is_let_be_until_the_next_look()
    {
        _proxy.Programmed(ProxyFixture.Routes(0));
        _proxy.Refuses = static line => line.StartsWith("add server", StringComparison.Ordinal);
        _proxy.State.OnSnapshot(ProxyFixture.Routes(1), Complete);
        var sent = _proxy.RunUntilIdle(_proxy.State);
        Assert.InRange(sent.Count(static line => line.StartsWith("add server", StringComparison.Ordinal)), 1, 3);
        Assert.Single(_proxy.State.Reconciler!.Refused);

        _proxy.Refuses = static _ => false;
        _proxy.State.Reconciler!.Forgive();
        _proxy.State.Doubt();
        Assert.Single(_proxy.RunUntilIdle(_proxy.State), static line => line.StartsWith("add server", StringComparison.Ordinal));
    }
}
