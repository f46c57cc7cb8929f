using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Sessions;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.Tests.Sessions;

public sealed class AgentCoreTests
{
    private static readonly AgentIdentity Identity = new("prod", "edge-1", "life");
    private static readonly Readiness Whole = new([], GaveUpWaiting: false);
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly AgentCore _core = new(Identity, new AgentOptions { MaxSnapshotRows = 10 }, null);

    [Fact]
    public void Nothing_of_a_snapshot_counts_before_its_end()
    {
        Welcome(_core);
        var part = Receive(_core, Part(1, [Rows.Live("a", 1, 1)]));
        Assert.Equal(new AgentMessage.Ack(1, 0, []), part.Reply);
        Assert.Null(part.Delta);
        Assert.Null(_core.Row(Rows.Id("a")));
        var end = Receive(_core, Part(2, [Rows.Live("b", 1, 2)], End(2, 9), position: 7));
        Assert.Equal(["a.example", "b.example"], end.Delta!.Routes.Select(static route => route.Key.Host));
        Assert.Equal(new AgentMessage.Ack(2, 7, []), end.Reply);
        Assert.True(end.Readiness!.IsComplete);
    }

    [Fact]
    public void A_snapshot_that_lacks_rows_is_refused_whole_and_changes_nothing()
    {
        Taken(_core, Rows.Live("a", 1, 1));
        Welcome(_core);
        var outcome = Receive(_core, Part(1, [Rows.Live("b", 1, 2)], End(2, 9)));
        Assert.Equal(new AgentMessage.Nack(1, 0, "incomplete snapshot: 1 of 2 rows", []), outcome.Reply);
        Assert.NotNull(outcome.Close);
        Assert.Null(outcome.Delta);
        Assert.NotNull(_core.Row(Rows.Id("a"))!.Fragment);
        Assert.Null(_core.Row(Rows.Id("b")));
    }

    [Theory]
    [InlineData(2, "of 2 shards instead of 1")]
    [InlineData(0, "of 0 shards instead of 1")]
    public void A_snapshot_of_another_number_of_shards_is_refused(int shards, string expected)
    {
        Welcome(_core);
        var outcome = Receive(_core, Part(1, [], new SnapshotEnd(0, [], new EquatableArray<FragmentVersion>([.. new FragmentVersion[shards]]))));
        Assert.Contains(expected, Assert.IsType<AgentMessage.Nack>(outcome.Reply).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_beyond_the_limit_is_refused()
    {
        Welcome(_core);
        var outcome = Receive(_core, Part(1, [.. Enumerable.Range(0, 11).Select(static n => Rows.Live($"i{n}", 1, n + 1))]));
        Assert.Contains("more than 10 rows", outcome.Close, StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_that_breaks_in_a_snapshot_leaves_nothing_of_it()
    {
        Welcome(_core);
        Receive(_core, Part(1, [Rows.Live("a", 1, 1)]));
        Welcome(_core);
        Receive(_core, Part(1, [Rows.Live("b", 1, 2)], End(1, 9)));
        Assert.Null(_core.Row(Rows.Id("a")));
    }

    [Fact]
    public void A_complete_snapshot_deletes_what_its_baseline_covers_and_nothing_else()
    {
        Taken(_core, Rows.Live("gone", 1, 1), Rows.Live("newer", 2, 1), Rows.Live("there", 1, 2));
        Welcome(_core);
        var outcome = Receive(_core, Part(1, [Rows.Live("there", 1, 2)], End(1, 5)));
        Assert.Equal(KeyValuePair.Create(Rows.RouteOf("gone"), (Route?)null), Assert.Single(outcome.Delta!.Routes));
        Assert.Equal(2, _core.Live);
    }

    [Fact]
    public void A_complete_snapshot_of_a_controller_that_is_behind_deletes_and_reverts_nothing()
    {
        Taken(_core, Rows.Live("a", 2, 5, "new"), Rows.Live("b", 2, 6));
        Welcome(_core);
        var outcome = Receive(_core, Part(1, [Rows.Live("a", 2, 4, "old")], End(1, 4, epoch: 2)));
        Assert.Null(outcome.Delta);
        Assert.IsType<AgentMessage.Ack>(outcome.Reply);
        Assert.Equal(1, _core.RowsIgnored);
    }

    [Fact]
    public void A_tombstone_deletes_unless_it_is_older()
    {
        Taken(_core, Rows.Live("a", 2, 5));
        Assert.Null(Receive(_core, Delta(2, [Rows.Tombstone("a", 1, 9)])).Delta);
        Assert.Null(Receive(_core, Delta(3, [Rows.Tombstone("a", 2, 6)])).Delta!.Routes[0].Value);
    }

    [Fact]
    public void Two_controllers_whose_tables_differ_can_not_make_routes_flap()
    {
        Taken(_core, Rows.Live("a", 1, 1, "old"));
        var changes = 0;
        for (var round = 0; round < 10; round++)
        {
            Welcome(_core);
            changes += Receive(_core, Part(1, [Rows.Live("a", 1, round % 2 == 0 ? 2 : 1, round % 2 == 0 ? "new" : "old")], End(1, 0))).Delta is null ? 0 : 1;
        }

        Assert.Equal(1, changes);
        Assert.Equal("new", _core.Snapshot().Routes[0].Value!.Backend.Ref.Service.Name);
    }

    [Fact]
    public void What_was_deleted_and_forgotten_does_not_come_back_from_a_controller_that_is_behind()
    {
        Taken(_core, Rows.Live("a", 1, 1));
        Welcome(_core);
        Receive(_core, Part(1, [], End(0, 5)));
        Welcome(_core);
        Assert.Null(Receive(_core, Part(1, [Rows.Live("a", 1, 1)], End(1, 1))).Delta);
        Assert.Equal(0, _core.Live);
    }

    [Fact]
    public void A_message_that_comes_twice_is_answered_twice_and_taken_once()
    {
        Taken(_core);
        var message = Delta(2, [Rows.Live("a", 1, 1)], position: 3);
        Assert.NotNull(Receive(_core, message).Delta);
        var again = Receive(_core, message);
        Assert.Null(again.Delta);
        Assert.Equal(new AgentMessage.Ack(2, 3, []), again.Reply);
    }

    [Fact]
    public void A_message_that_is_missing_ends_the_connection()
    {
        Taken(_core);
        Assert.Equal("message 3 came after 1", Receive(_core, Delta(3, [Rows.Live("a", 1, 1)])).Close);
        Assert.Null(_core.Row(Rows.Id("a")));
    }

    [Fact]
    public void A_row_whose_content_is_of_another_thing_is_refused_and_the_others_taken()
    {
        Taken(_core, Rows.Live("a", 1, 1));
        var swapped = Rows.Live("b", 1, 2) with { Entity = Rows.Id("a") };
        var outcome = Receive(_core, Delta(2, [swapped, Rows.Live("c", 1, 3)], position: 4));
        var nack = Assert.IsType<AgentMessage.Nack>(outcome.Reply);
        Assert.Equal([Rows.Id("a")], nack.Refused);
        Assert.Equal(4, nack.Position);
        Assert.Equal("c.example", Assert.Single(outcome.Delta!.Routes).Key.Host);
        Assert.Equal(1, _core.Row(Rows.Id("a"))!.Version.Version);
    }

    [Fact]
    public void A_row_of_a_member_is_taken_too_and_a_drain_is_known_by_it()
    {
        Taken(_core, Rows.Live("a", 1, 1));
        Assert.False(_core.HasDrains);
        var drained = new FragmentUpdate(EntityId.Member(Make.Aws), new FragmentVersion(1, 2), new Fragment.Member(Make.Aws, new MemberTraits(MemberState.Drain)));
        var outcome = Receive(_core, Delta(2, [drained], position: 4));
        Assert.IsType<AgentMessage.Ack>(outcome.Reply);
        Assert.Equal(Make.Aws, Assert.Single(outcome.Delta!.Members).Key);
        Assert.True(_core.HasDrains);

        var nack = Assert.IsType<AgentMessage.Nack>(Receive(_core, Delta(3, [drained with { Entity = EntityId.Member(Make.Gcp) }], position: 5)).Reply);
        Assert.Equal([EntityId.Member(Make.Gcp)], nack.Refused);
    }

    [Fact]
    public void A_refused_row_of_a_snapshot_is_not_a_deletion_of_it()
    {
        Taken(_core, Rows.Live("a", 1, 1), Rows.Live("b", 1, 2));
        Welcome(_core);
        var outcome = Receive(_core, Part(1, [Rows.Live("b", 1, 4) with { Entity = Rows.Id("a") }], End(1, 9)));
        Assert.IsType<AgentMessage.Nack>(outcome.Reply);
        Assert.Null(outcome.Delta);
        Assert.Equal(2, _core.Live);
    }

    [Fact]
    public void Shards_that_differ_are_asked_for_and_equal_ones_take_the_baseline()
    {
        Taken(_core, Rows.Live("a", 1, 1));
        var hash = _core.Digest(0).Hash;
        Welcome(_core);
        var marks = new FragmentVersion(1, 8);
        Receive(_core, Part(1, [], new SnapshotEnd(0, [], [default])));
        Assert.Equal(new AgentMessage.Ack(2, 0, [0]), Receive(_core, Delta(2, []) with { Digests = [new ShardDigest(hash + 1, marks)] }).Reply);
        Assert.Equal(new AgentMessage.Ack(3, 0, []), Receive(_core, Delta(3, []) with { Digests = [new ShardDigest(hash, marks)] }).Reply);
        Assert.Equal(marks, _core.Digest(0).Baseline);
    }

    [Fact]
    public void Another_cluster_is_refused()
    {
        _core.Connect();
        Assert.Contains("cluster \"test\"", Receive(_core, new ControllerMessage.Welcome("test", "n1", "1", 1, 1, IsOnly: false)).Close, StringComparison.Ordinal);
        Assert.NotNull(Receive(_core, Part(1, [])).Close);
    }

    [Fact]
    public void Without_a_controller_nothing_may_be_removed_nor_started_anew()
    {
        Assert.False(_core.Readiness.IsComplete);
        Assert.False(_core.Readiness.MayStart);
    }

    [Fact]
    public void Once_complete_it_stays_so_whoever_is_connected()
    {
        Taken(_core);
        Welcome(_core);
        var outcome = Receive(_core, Part(1, [], End(0, 0)) with { Readiness = new Readiness([Make.Aws], GaveUpWaiting: false) });
        Assert.Null(outcome.Readiness);
        Assert.True(_core.Readiness.IsComplete);
    }

    [Fact]
    public void Who_may_program_goes_on_with_a_controller_that_may_not_yet()
    {
        Welcome(_core);
        Assert.True(Receive(_core, Part(1, [], End(0, 0)) with { Readiness = new Readiness([Make.Aws], GaveUpWaiting: true) }).Readiness!.MayStart);
        Welcome(_core);
        Receive(_core, Part(1, [], End(0, 0)) with { Readiness = new Readiness([Make.Aws, Make.Gcp], GaveUpWaiting: false) });
        Assert.True(_core.Readiness.MayStart);
        Assert.Equal([Make.Aws, Make.Gcp], _core.Readiness.Missing.AsEnumerable());
    }

    [Fact]
    public void Complete_members_without_a_complete_snapshot_are_not_complete()
    {
        Welcome(_core);
        Assert.Null(Receive(_core, Delta(1, [Rows.Live("a", 1, 1)]) with { Readiness = Whole }).Readiness);
        Assert.False(_core.Readiness.MayStart);
    }

    [Fact]
    public void After_its_restart_it_removes_nothing_before_the_controller_knows_what_it_held()
    {
        var core = new AgentCore(Identity, new AgentOptions(), new AgentMemory([new FragmentVersion(3, 8)]));
        Assert.Equal(3, core.Connect().HighestEpoch);
        Receive(core, new ControllerMessage.Welcome("prod", "n1", "1", 1, 1, IsOnly: false));
        var behind = Receive(core, Part(1, [Rows.Live("a", 3, 7)], End(1, 7, epoch: 3)) with { Readiness = Whole });
        Assert.False(behind.Readiness!.IsComplete);
        Assert.False(behind.Readiness.KnowsTheOthers);
        Assert.True(behind.Readiness.MayStart);
        Assert.Equal(new FragmentVersion(3, 8), core.Memory!.Highest[0]);
        Receive(core, Delta(2, [Rows.Live("b", 3, 8)]));
        Assert.False(core.Readiness.IsComplete);
        var digest = new ShardDigest(core.Digest(0).Hash, new FragmentVersion(3, 8));
        Assert.True(Receive(core, Delta(3, []) with { Digests = [digest] }).Readiness!.IsComplete);
    }

    [Fact]
    public void After_its_restart_it_does_not_rely_on_a_controller_that_is_behind_while_a_member_is_away_either()
    {
        var core = new AgentCore(Identity, new AgentOptions(), new AgentMemory([new FragmentVersion(3, 8)]));
        core.Connect();
        Receive(core, new ControllerMessage.Welcome("prod", "n1", "1", 1, 1, IsOnly: false));
        var away = new Readiness([new MemberName("gcp")], GaveUpWaiting: true);
        var behind = Receive(core, Part(1, [Rows.Live("a", 3, 7)], End(1, 7, epoch: 3)) with { Readiness = away });
        Assert.False(behind.Readiness!.KnowsTheOthers);
        Assert.True(behind.Readiness.MayStart);
        core.Receive(Delta(2, []), Now);
        var known = core.Receive(Delta(3, []), Now + new AgentOptions().CatchUp).Readiness!;
        Assert.True(known.KnowsTheOthers);
        Assert.Equal(["gcp"], known.Missing.Select(static member => member.Value));
    }

    [Fact]
    public void With_the_only_controller_there_is_nothing_to_catch_up_with()
    {
        var core = new AgentCore(Identity, new AgentOptions(), new AgentMemory([new FragmentVersion(3, 8)]));
        core.Connect();
        Receive(core, new ControllerMessage.Welcome("prod", "n1", "1", 1, 1, IsOnly: true));
        Assert.True(Receive(core, Part(1, [], End(0, 0))).Readiness!.IsComplete);
    }

    [Fact]
    public void It_does_not_wait_for_ever_for_a_controller_that_was_restored_from_a_backup()
    {
        var core = new AgentCore(Identity, new AgentOptions(), new AgentMemory([new FragmentVersion(3, 8)]));
        Welcome(core);
        Receive(core, Part(1, [], End(0, 1)) with { Readiness = Whole });
        Assert.False(core.Readiness.IsComplete);
        core.Receive(Delta(2, []), Now + new AgentOptions().CatchUp);
        Assert.True(core.Readiness.IsComplete);
    }

    [Fact]
    public void A_position_is_applied_when_HAProxy_holds_the_version_that_it_led_to()
    {
        Taken(_core);
        var first = Receive(_core, Delta(2, [Rows.Live("a", 1, 1)], position: 2)).Delta!.Version;
        var second = Receive(_core, Delta(3, [Rows.Live("b", 1, 2)], position: 3)).Delta!.Version;
        Assert.Equal(new AgentMessage.Applied(2), _core.OnApplied(first));
        Assert.Null(_core.OnApplied(first));
        Assert.Equal(new AgentMessage.Applied(3), _core.OnApplied(second));
        Assert.Equal(new AgentMessage.Applied(4), Receive(_core, Delta(4, [Rows.Live("b", 1, 2)], position: 4)).Applied);
    }

    [Fact]
    public void Positions_of_one_controller_mean_nothing_to_the_next()
    {
        Taken(_core);
        var version = Receive(_core, Delta(2, [Rows.Live("a", 1, 1)], position: 900)).Delta!.Version;
        Welcome(_core);
        Assert.Null(_core.OnApplied(version));
        Assert.Equal(new AgentMessage.Applied(2), Receive(_core, Part(1, [], End(0, 0), position: 2)).Applied);
    }

    [Fact]
    public void What_waits_for_a_HAProxy_that_hangs_is_bounded()
    {
        var marks = new AppliedMarks();
        for (var n = 1; n <= 100_000; n++)
            Assert.Null(marks.Reach(n, n));
        Assert.InRange(marks.Apply(50_000) ?? 0, 0, 50_000);
        Assert.Equal(100_000, marks.Apply(100_000));
    }

    [Fact]
    public void Rows_survive_a_controller_cluster_with_another_number_of_shards()
    {
        Taken(_core, Rows.Live("a", 5, 1));
        _core.Connect();
        Receive(_core, new ControllerMessage.Welcome("prod", "n9", "1", 1, 4, IsOnly: false));
        Assert.Equal(1, _core.Live);
        Assert.Null(Receive(_core, Part(1, [], new SnapshotEnd(0, [0, 1, 2, 3], [.. new FragmentVersion[4]]))).Delta);
    }

    private static void Welcome(AgentCore core)
    {
        core.Connect();
        Assert.Null(Receive(core, new ControllerMessage.Welcome("prod", "n1", "1", 1, 1, IsOnly: false)).Close);
    }

    /// <summary>Connected, with a complete snapshot of these.</summary>
    private static void Taken(AgentCore core, params FragmentUpdate[] rows)
    {
        Welcome(core);
        Receive(core, Part(1, rows, End(rows.Length, 0)));
    }

    private static AgentOutcome Receive(AgentCore core, ControllerMessage message) => core.Receive(message, Now);

    private static ControllerMessage.Rows Part(long nonce, FragmentUpdate[] rows, SnapshotEnd? end = null, long position = 0) =>
        new(nonce, position, RowsKind.Snapshot, [.. rows], end is null ? null : Whole, end, []);

    private static ControllerMessage.Rows Delta(long nonce, FragmentUpdate[] rows, long position = 0) => new(nonce, position, RowsKind.Delta, [.. rows], null, null, []);

    private static SnapshotEnd End(long rows, long baseline, long epoch = 1) =>
        new(rows, [0], [new FragmentVersion(epoch, baseline)]);
}
