using MultiCluster.Controller.Rehearsals;

namespace MultiCluster.Controller.Tests;

public sealed class RehearsalTests
{
    /// <summary>It plays with made-up bytes: a field that is decoded or required otherwise one day would end it silently.</summary>
    [Fact]
    public async Task Every_change_reaches_the_proxy() => Assert.True(await Rehearsal.PlayAsync(TimeProvider.System));
}
