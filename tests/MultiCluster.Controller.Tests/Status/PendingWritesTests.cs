using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Status;
using MultiCluster.Model.Identity;
using MultiCluster.TestKit.Time;

namespace MultiCluster.Controller.Tests.Status;

public sealed class PendingWritesTests
{
    private static readonly WritePace Pace = new(TimeSpan.FromSeconds(5), PerSecond: 10, PerMember: 2);

    private readonly WriteGate _gate = new(new ManualTimeProvider());
    private readonly PendingWrites<string, string> _writes = new(Pace, static key => new MemberName(key.Split('/')[0]));

    public PendingWritesTests()
    {
        _gate.Own([(3, 7)]);
        _gate.OpenUntil(long.MaxValue);
    }

    private WritePermit Permit => new(_gate, 3, 7);

    [Fact]
    public void The_newest_of_an_object_is_written_after_a_pause_and_only_one_at_a_time()
    {
        _writes.Want("aws/a", "1", Permit);
        Assert.Equal([("aws/a", "1")], Begin(0));
        _writes.Want("aws/a", "2", Permit);
        _writes.Want("aws/a", "3", Permit);
        Assert.Empty(Begin(1));
        _writes.Done("aws/a", "1", SinkOutcome.Done, TimeSpan.FromSeconds(1));
        Assert.Empty(Begin(5));
        Assert.Equal([("aws/a", "3")], Begin(6));
        _writes.Done("aws/a", "3", SinkOutcome.Done, TimeSpan.FromSeconds(6));
        Assert.Empty(Begin(60));
        Assert.Equal(0, _writes.Count);
    }

    [Theory]
    [InlineData("Failed", 10)]
    [InlineData("Forbidden", 60)]
    public void What_failed_is_tried_again_after_a_pause_with_the_newest(string outcome, int pause)
    {
        _writes.Want("aws/a", "1", Permit);
        Begin(0);
        _writes.Done("aws/a", "1", Enum.Parse<SinkOutcome>(outcome), TimeSpan.Zero);
        _writes.Want("aws/a", "2", Permit);
        Assert.Empty(Begin(pause - 1));
        Assert.Equal([("aws/a", "2")], Begin(pause));
    }

    [Fact]
    public void A_member_that_does_not_answer_does_not_keep_the_others()
    {
        for (var i = 0; i < 5; i++)
            _writes.Want($"aws/{i}", "1", Permit);
        _writes.Want("gcp/0", "1", Permit);
        Assert.Equal(["aws/0", "aws/1", "gcp/0"], Begin(0).Select(static item => item.Key));
        _writes.Done("aws/0", "1", SinkOutcome.Done, TimeSpan.Zero);
        Assert.Equal(["aws/2"], Begin(1).Select(static item => item.Key));
    }

    [Fact]
    public void Many_at_once_are_spread_over_time_and_all_are_written()
    {
        var began = new List<int>();
        for (var i = 0; i < 35; i++)
            _writes.Want($"m{i}/a", "1", Permit);
        for (var second = 0; second < 4; second++)
        {
            var now = Begin(second);
            began.Add(now.Count);
            foreach (var (key, want) in now)
                _writes.Done(key, want, SinkOutcome.Done, TimeSpan.FromSeconds(second));
        }

        Assert.Equal([10, 10, 10, 5], began);
    }

    [Fact]
    public void Without_a_valid_permit_a_write_waits_and_one_that_was_dropped_is_not_written()
    {
        _gate.Close();
        _writes.Want("aws/a", "1", Permit);
        _writes.Want("aws/b", "1", Permit);
        Assert.Empty(Begin(0));
        _writes.Drop("aws/b", Permit with { Epoch = 6 });
        _writes.Drop("aws/a", Permit);
        _gate.Own([(3, 7)]);
        _gate.OpenUntil(long.MaxValue);
        Assert.Equal([("aws/b", "1")], Begin(1));
    }

    private List<(string Key, string Want)> Begin(double seconds) => _writes.Begin(TimeSpan.FromSeconds(seconds));
}
