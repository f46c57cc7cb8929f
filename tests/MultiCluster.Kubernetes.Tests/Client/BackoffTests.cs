using MultiCluster.Kubernetes.Client;

namespace MultiCluster.Kubernetes.Tests.Client;

public sealed class BackoffTests
{
    [Fact]
    public void Waits_grow_up_to_the_cap_and_differ()
    {
        var least = TimeSpan.FromMilliseconds(200);
        var cap = TimeSpan.FromSeconds(30);
        var backoff = new Backoff(least, cap, new Random(1));
        var last = least;
        var reachedCap = false;
        for (var i = 0; i < 200; i++)
        {
            var wait = backoff.Next();
            Assert.InRange(wait, least, last * 3 < cap ? last * 3 : cap);
            reachedCap |= wait == cap;
            last = wait;
        }

        Assert.True(reachedCap, "the cap was never reached");
        backoff.Reset();
        Assert.InRange(backoff.Next(), least, least * 3);
    }
}
