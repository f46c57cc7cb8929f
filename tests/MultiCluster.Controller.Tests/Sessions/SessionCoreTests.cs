using System.Collections.Immutable;
using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Sessions;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Tests.Sessions;

public sealed class SessionCoreTests
{
    private static readonly SessionOptions Options = new() { RowsPerMessage = 3, MessageWeight = 100_000, RowWeight = 50_000 };

    private readonly SessionCore _core = new(Options, TimeSpan.Zero);
    private TimeSpan _now;

    [Fact]
    public void It_welcomes_and_then_sends_a_snapshot_in_parts_that_ends_with_its_size()
    {
        Subscribe(position: 5, shards: 2, differing: [1]);
        Assert.IsType<ControllerMessage.Welcome>(Sent());
        Assert.Equal(new SessionStep.Fetch(1), _core.Next(_now));
        Assert.Null(_core.Next(_now));
        _core.Take(new HubMessages.ShardContents(1, [.. Enumerable.Range(1, 4).Select(static n => Rows.Live($"i{n}", 1, n))], Marks(4)));
        var first = SentRows();
        Assert.Equal((1L, 0L, RowsKind.Snapshot, 3), (first.Nonce, first.Position, first.Kind, first.Updates.Count));
        Assert.Null(first.End);
        Assert.Null(_core.Next(_now));
        Ack(1);
        var last = SentRows();
        Assert.Equal((2L, 5L, 1, 4L), (last.Nonce, last.Position, last.Updates.Count, last.End!.Rows));
        Assert.Equal([1], last.End.Shards);
        Assert.Equal([default, Marks(4)], last.End.Baselines);
    }

    /// <summary>What was told during a drain before would say that the next one is over as it begins.</summary>
    [Fact]
    public void What_a_proxy_tells_of_its_sessions_counts_for_a_while()
    {
        Assert.Null(_core.LoadsAt(TimeSpan.Zero));
        _core.Receive(new AgentMessage.Loads([new MemberLoad(Make.Aws, 0)]), TimeSpan.Zero);
        Assert.Equal(new MemberLoad(Make.Aws, 0), Assert.Single(_core.LoadsAt(TimeSpan.FromSeconds(1))!.Value));
        Assert.NotNull(_core.LoadsAt(TimeSpan.FromSeconds(4.9)));
        Assert.Null(_core.LoadsAt(TimeSpan.FromSeconds(5)));
        _core.Receive(new AgentMessage.Loads([]), TimeSpan.FromSeconds(10));
        Assert.Empty(_core.LoadsAt(TimeSpan.FromSeconds(12))!.Value);

        // From when it was told, and not from when somebody asks first.
        _core.Receive(new AgentMessage.Loads([]), TimeSpan.FromSeconds(20));
        Assert.Null(_core.LoadsAt(TimeSpan.FromHours(5)));
    }

    [Fact]
    public void An_agent_that_lacks_nothing_gets_an_empty_snapshot_at_once()
    {
        Subscribe(position: 5, shards: 2, differing: []);
        Sent();
        var rows = SentRows();
        Assert.Equal((0L, 5L), (rows.End!.Rows, rows.Position));
    }

    [Fact]
    public void While_an_answer_is_awaited_changes_of_a_row_are_gathered_into_the_latest()
    {
        Stream();
        _core.Take(new HubMessages.Changed(6, [Rows.Live("a", 1, 10)]));
        Assert.Single(SentRows().Updates);
        for (var n = 11; n <= 5_000; n++)
            _core.Take(new HubMessages.Changed(n, [Rows.Live("a", 1, n), Rows.Live("b", 1, n)]));
        Assert.Null(_core.Next(_now));
        Assert.Equal(2, _core.Waiting);
        Ack(2);
        var rows = SentRows();
        Assert.Equal([Rows.Live("a", 1, 5_000), Rows.Live("b", 1, 5_000)], rows.Updates);
        Assert.Equal(5_000, rows.Position);
    }

    [Fact]
    public void A_position_is_reached_only_by_the_message_that_leaves_nothing_waiting()
    {
        Stream();
        _core.Take(new HubMessages.Changed(6, [.. Enumerable.Range(1, 4).Select(static n => Rows.Live($"i{n}", 1, n))]));
        Assert.Equal(5, SentRows().Position);
        Ack(2);
        Assert.Equal(6, SentRows().Position);
        Assert.Equal(6, _core.TablePosition);
    }

    [Fact]
    public void What_changes_during_a_snapshot_follows_it()
    {
        Subscribe(position: 5, shards: 2, differing: [0]);
        Sent();
        _core.Next(_now);
        _core.Take(new HubMessages.Changed(6, [Rows.Live("late", 1, 9)]));
        _core.Take(new HubMessages.ShardContents(0, [Rows.Live("a", 1, 1)], Marks(1)));
        Assert.Equal([Rows.Id("a")], SentRows().Updates.Select(static row => row.Entity));
        Ack(1);
        var delta = SentRows();
        Assert.Equal(RowsKind.Delta, delta.Kind);
        Assert.Equal([Rows.Id("late")], delta.Updates.Select(static row => row.Entity));
    }

    [Fact]
    public void Completeness_is_told_only_after_every_row_before_it()
    {
        Stream();
        _core.Take(new HubMessages.Changed(6, [.. Enumerable.Range(1, 4).Select(static n => Rows.Live($"i{n}", 1, n))]));
        _core.Take(new Readiness([], GaveUpWaiting: false));
        Assert.Null(SentRows().Readiness);
        Ack(2);
        Assert.True(SentRows().Readiness!.IsComplete);
    }

    [Fact]
    public void A_row_that_waits_long_is_not_overtaken_for_ever_by_busy_ones()
    {
        Stream();
        _core.Take(new HubMessages.Changed(6, [.. Enumerable.Range(1, 9).Select(static n => Rows.Live($"i{n}", 1, n))]));
        var nonce = 2;
        var seen = new HashSet<EntityId>();
        for (var round = 0; round < 4; round++)
        {
            foreach (var update in SentRows().Updates)
                seen.Add(update.Entity);
            var now = 100 + round;
            _core.Take(new HubMessages.Changed(now, [Rows.Live("i1", 1, now), Rows.Live("i2", 1, now), Rows.Live("i3", 1, now)]));
            Ack(nonce++);
        }

        Assert.Equal(9, seen.Count);
    }

    [Fact]
    public void A_row_too_large_for_a_message_is_left_out_and_stops_no_other()
    {
        Stream();
        var large = new FragmentUpdate(
            EntityId.Backend(Make.Key("large")),
            new FragmentVersion(1, 1),
            new Fragment.Backend(Make.Key("large"), [new MemberBackend(Make.Aws, [new BackendPort("", 80, "", [.. Enumerable.Repeat(new BackendEndpoint("10.0.0.1", 80, "", "", ""), 1000)])])]));
        _core.Take(new HubMessages.Changed(6, [Rows.Live("a", 1, 1), large, Rows.Live("b", 1, 1)]));
        Assert.Equal([Rows.Id("a"), Rows.Id("b")], SentRows().Updates.Select(static row => row.Entity));
        Assert.Equal("backend/web/large", Assert.Single(_core.Refused).Key);
    }

    [Fact]
    public void Refused_rows_are_shown_until_they_are_sent_anew()
    {
        Stream();
        _core.Take(new HubMessages.Changed(6, [Rows.Live("a", 1, 1), Rows.Live("b", 1, 1)]));
        SentRows();
        _core.Receive(new AgentMessage.Nack(2, 6, "odd", [Rows.Id("a")]), TimeSpan.Zero);
        Assert.Equal("odd", _core.Refused["ingress/web/a"]);
        Assert.Equal(6, _core.AckedPosition);
        _core.Take(new HubMessages.Changed(7, [Rows.Live("a", 1, 2)]));
        SentRows();
        Assert.Empty(_core.Refused);
    }

    [Fact]
    public void A_message_that_is_refused_whole_ends_the_session()
    {
        Stream();
        _core.Take(new HubMessages.Changed(6, [Rows.Live("a", 1, 1)]));
        SentRows();
        _core.Receive(new AgentMessage.Nack(2, 5, "no", []), TimeSpan.Zero);
        Assert.Equal(new SessionStep.Close("the agent refused: no"), _core.Next(_now));
        Assert.Equal(5, _core.AckedPosition);
    }

    [Fact]
    public void An_answer_to_something_never_sent_ends_the_session()
    {
        Stream();
        Ack(9);
        Assert.IsType<SessionStep.Close>(_core.Next(_now));
    }

    [Fact]
    public void An_answer_that_comes_twice_is_one_answer()
    {
        Stream();
        _core.Take(new HubMessages.Changed(6, [Rows.Live("a", 1, 1)]));
        SentRows();
        Ack(1);
        Assert.Null(_core.Next(_now));
        Ack(2);
        Ack(2);
        Assert.Null(_core.Next(_now));
    }

    [Fact]
    public void Silence_of_the_agent_ends_the_session()
    {
        Stream();
        _core.Take(new HubMessages.Changed(6, [Rows.Live("a", 1, 1)]));
        SentRows();
        _now += Options.AnswerTimeout;
        Assert.Null(_core.Next(_now));
        _now += TimeSpan.FromSeconds(1);
        Assert.IsType<SessionStep.Close>(_core.Next(_now));
    }

    [Fact]
    public void In_silence_digests_are_compared_and_shards_that_differ_sent_whole()
    {
        Stream();
        _now += Options.Heartbeat;
        Assert.IsType<SessionStep.Compare>(_core.Next(_now));
        Assert.Null(_core.Next(_now));
        _core.Take(new HubMessages.Digests(5, [new ShardDigest(1, default), new ShardDigest(2, default)]));
        var beat = SentRows();
        Assert.Equal((0, 2), (beat.Updates.Count, beat.Digests.Count));
        _core.Receive(new AgentMessage.Ack(2, 5, [1, 7, -1]), TimeSpan.Zero);
        Assert.Equal(new SessionStep.Fetch(1), _core.Next(_now));
        _core.Take(new HubMessages.ShardContents(1, [Rows.Live("a", 1, 1)], Marks(1)));
        Assert.Equal([1], SentRows().End!.Shards);
    }

    [Fact]
    public void Digests_of_a_table_that_has_moved_on_are_not_sent()
    {
        Stream();
        _now += Options.Heartbeat;
        _core.Next(_now);
        _core.Take(new HubMessages.Digests(5, [new ShardDigest(1, default), new ShardDigest(2, default)]));
        _core.Take(new HubMessages.Changed(6, [Rows.Live("a", 1, 1)]));
        Assert.Empty(SentRows().Digests);
    }

    [Fact]
    public void Applied_positions_only_grow_and_never_pass_the_table()
    {
        Stream();
        _core.Receive(new AgentMessage.Applied(4), TimeSpan.Zero);
        _core.Receive(new AgentMessage.Applied(3), TimeSpan.Zero);
        Assert.Equal(4, _core.AppliedPosition);
        _core.Receive(new AgentMessage.Applied(99), TimeSpan.Zero);
        Assert.Equal(5, _core.AppliedPosition);
    }

    private static FragmentVersion Marks(long version) => new(1, version);

    private void Subscribe(long position, int shards, ImmutableArray<int> differing) => _core.Take(new HubMessages.Subscribed(
        new ControllerMessage.Welcome("prod", "n1", "1", 1, shards, IsOnly: false), position, new EquatableArray<FragmentVersion>([.. new FragmentVersion[shards]]), differing, null));

    /// <summary>Past the snapshot, at position 5.</summary>
    private void Stream()
    {
        Subscribe(position: 5, shards: 2, differing: []);
        Sent();
        SentRows();
        Ack(1);
        Assert.Null(_core.Next(_now));
    }

    private void Ack(long nonce) => _core.Receive(new AgentMessage.Ack(nonce, 0, []), TimeSpan.Zero);

    private ControllerMessage Sent() => Assert.IsType<SessionStep.Send>(_core.Next(_now)).Message;

    private ControllerMessage.Rows SentRows() => Assert.IsType<ControllerMessage.Rows>(Sent());
}
