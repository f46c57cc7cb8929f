using MultiCluster.Controller.Members;

namespace MultiCluster.Controller.Tests.Members;

public sealed class StalenessWatchTests
{
    private readonly StalenessWatch _watch = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5));

    [Fact]
    public void A_connection_that_breaks_for_a_moment_changes_nothing()
    {
        Assert.False(Look(0, behind: true));
        Assert.False(Look(9, behind: true));
        Assert.False(Look(9.5, behind: false));
        Assert.False(Look(10.5, behind: true));
        Assert.False(_watch.IsStale);
    }

    [Fact]
    public void One_that_comes_and_goes_stays_stale_once_it_is()
    {
        Look(0, behind: true);
        Assert.True(Look(10, behind: true));
        Assert.False(Look(11, behind: false));
        Assert.False(Look(15, behind: true));
        Assert.False(Look(16, behind: false));
        Assert.True(_watch.IsStale);
        Assert.True(Look(21, behind: false));
        Assert.False(_watch.IsStale);
    }

    [Fact]
    public void What_is_held_back_makes_stale_at_once_and_no_longer_than_it_is_held()
    {
        Assert.True(_watch.Look(isBehind: false, isHolding: true, TimeSpan.FromSeconds(1)));
        Assert.True(_watch.IsStale);
        _watch.Look(isBehind: false, isHolding: false, TimeSpan.FromSeconds(2));
        Assert.True(_watch.Look(isBehind: false, isHolding: false, TimeSpan.FromSeconds(7)));
        Assert.False(_watch.IsStale);
    }

    [Fact]
    public void It_tells_since_when_it_is_behind()
    {
        Assert.Null(_watch.Behind(TimeSpan.Zero));
        Look(3, behind: true);
        Assert.Equal(TimeSpan.FromSeconds(4), _watch.Behind(TimeSpan.FromSeconds(7)));
    }

    private bool Look(double seconds, bool behind) => _watch.Look(behind, isHolding: false, TimeSpan.FromSeconds(seconds));
}
