namespace MultiCluster.Actors.Tests;

public sealed class RestartHistoryTests
{
    [Fact]
    public void Delays_double_up_to_the_longest_and_the_budget_ends_them()
    {
        var strategy = new OneForOneStrategy(maxRestarts: 5, minBackoff: TimeSpan.FromSeconds(1), maxBackoff: TimeSpan.FromSeconds(4), jitter: 0);
        Assert.Equal([1, 2, 4, 4, 4], Delays(strategy, 10, TimeSpan.Zero));
    }

    [Fact]
    public void Old_restarts_leave_the_window()
    {
        var strategy = new OneForOneStrategy(maxRestarts: 2, window: TimeSpan.FromSeconds(60), minBackoff: TimeSpan.Zero, maxBackoff: TimeSpan.Zero);
        Assert.Equal(20, Delays(strategy, 20, TimeSpan.FromSeconds(30)).Count);
        Assert.Equal(2, Delays(strategy, 20, TimeSpan.FromSeconds(29)).Count);
    }

    [Fact]
    public void A_window_without_failure_begins_the_back_off_anew_however_long_the_last_one_was()
    {
        var strategy = new OneForOneStrategy(
            maxRestarts: OneForOneStrategy.Unlimited,
            window: TimeSpan.FromSeconds(10),
            minBackoff: TimeSpan.FromSeconds(1),
            maxBackoff: TimeSpan.FromSeconds(64),
            jitter: 0);
        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 64], Delays(strategy, 8, TimeSpan.FromSeconds(9)));
        Assert.Equal([1, 1, 1], Delays(strategy, 3, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void Jitter_only_adds_and_stays_within_its_part()
    {
        var strategy = new OneForOneStrategy(minBackoff: TimeSpan.FromSeconds(1), maxBackoff: TimeSpan.FromSeconds(1), jitter: 0.5);
        Assert.Equal(TimeSpan.FromSeconds(1), new RestartHistory().Next(strategy, TimeSpan.Zero, 0));
        Assert.Equal(TimeSpan.FromSeconds(1.25), new RestartHistory().Next(strategy, TimeSpan.Zero, 0.5));
    }

    [Fact]
    public void A_budget_that_back_off_alone_outlasts_is_refused()
    {
        var e = Assert.Throws<ArgumentException>(() => new OneForOneStrategy(maxRestarts: 100, window: TimeSpan.FromMinutes(1)));
        Assert.Contains("never fall into one window", e.Message, StringComparison.Ordinal);
    }

    /// <param name="running">How long the child runs after each restart before it fails again.</param>
    private static List<double> Delays(OneForOneStrategy strategy, int failures, TimeSpan running)
    {
        var history = new RestartHistory();
        var now = TimeSpan.FromHours(1);
        List<double> delays = [];
        for (var i = 0; i < failures && history.Next(strategy, now, 0) is { } delay; i++)
        {
            delays.Add(delay.TotalSeconds);
            now += delay + running;
        }
        return delays;
    }
}
