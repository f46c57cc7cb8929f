using MultiCluster.Actors.Tests.Support;
using MultiCluster.TestKit.Time;

namespace MultiCluster.Actors.Tests.TestKit;

public sealed class ManualTimeProviderTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Timers_fire_in_order_of_due_time_then_of_setting_with_the_clock_at_their_time()
    {
        var time = new ManualTimeProvider();
        List<string> fired = [];
        Set("late", 3);
        Set("first", 1);
        Set("second", 1);
        time.Advance(Second * 5);
        Assert.Equal(["first 1", "second 1", "late 3"], fired);
        Assert.Equal(Second * 5, time.GetElapsedTime(0));
        void Set(string name, int due) =>
            time.CreateTimer(_ => fired.Add($"{name} {time.GetElapsedTime(0).TotalSeconds}"), null, Second * due, Timeout.InfiniteTimeSpan);
    }

    [Fact]
    public void A_periodic_timer_fires_as_often_as_it_is_due_and_can_stop_itself()
    {
        var time = new ManualTimeProvider();
        var fired = 0;
        ITimer? timer = null;
        timer = time.CreateTimer(_ =>
        {
            if (++fired == 3)
                timer!.Dispose();
        }, null, Second, Second * 2);
        time.Advance(Second * 4);
        Assert.Equal(2, fired);
        time.Advance(Second * 40);
        Assert.Equal(3, fired);
        Assert.Equal(0, time.ActiveTimers);
        Assert.False(timer.Change(Second, Second));
    }

    [Fact]
    public void A_timer_set_while_advancing_fires_in_the_same_advance_if_it_falls_due()
    {
        var time = new ManualTimeProvider();
        List<double> at = [];
        time.CreateTimer(_ => time.CreateTimer(_ => at.Add(time.GetElapsedTime(0).TotalSeconds), null, Second, Timeout.InfiniteTimeSpan), null, Second, Timeout.InfiniteTimeSpan);
        time.Advance(Second * 2);
        Assert.Equal([2.0], at);
    }

    [Fact]
    public async Task The_framework_runs_on_it()
    {
        var time = new ManualTimeProvider();
        var delay = Task.Delay(Second, time);
        using var source = new CancellationTokenSource(Second * 2, time);
        time.Advance(Second);
        await delay.WithinAsync("the delay");
        Assert.False(source.IsCancellationRequested);
        time.Advance(Second);
        Assert.True(source.IsCancellationRequested);
    }

    [Fact]
    public async Task Waiting_for_timers_sees_those_of_other_threads_and_says_what_is_missing()
    {
        var time = new ManualTimeProvider();
        var waiting = time.WaitForTimersAsync(8, Deadline.Generous);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            time.CreateTimer(_ => { }, null, Second, Timeout.InfiniteTimeSpan))));
        await waiting;
        var e = await Assert.ThrowsAsync<TimeoutException>(() => time.WaitForTimersAsync(9, TimeSpan.FromMilliseconds(1)));
        Assert.Contains("Expected 9 timers", e.Message, StringComparison.Ordinal);
    }
}
