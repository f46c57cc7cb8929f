using MultiCluster.HAProxy.Tests.Support;

namespace MultiCluster.HAProxy.Tests.Planning;

/// <summary>
/// A reconciler drives a simulated HAProxy through random deltas, refusals, resyncs, restarts of either side and pool
/// exhaustion. What must hold is asserted after every single command, since requests arrive between any two.
/// </summary>
public sealed class ReconcilerModelTests
{
    [Theory]
    [InlineData("2.6")]
    [InlineData("3.2")]
    [InlineData("3.4")]
    public void Every_moment_is_servable_and_the_end_is_what_was_wanted(string version) =>
        Check.Scripts(500, 300, script => new SimulatedRun(Make.Features(version), script).Play());
}
