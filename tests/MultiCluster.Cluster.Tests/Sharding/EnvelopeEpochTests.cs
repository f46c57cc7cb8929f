using MultiCluster.Cluster.Sharding;

namespace MultiCluster.Cluster.Tests.Sharding;

/// <summary>A region takes what was sent under the ownership that it holds, and nothing else.</summary>
public sealed class EnvelopeEpochTests
{
    private const long Older = RegionHarness.Epoch - 1;
    private const long Newer = RegionHarness.Epoch + 1;

    [Fact]
    public async Task What_was_sent_under_this_ownership_is_delivered_once()
    {
        await using var region = new RegionHarness();
        region.Receive(1, RegionHarness.Epoch);
        Assert.Equal([1], region.Arrived);
        Assert.Empty(region.Refused);
        Assert.Equal(0, region.Refreshes);
    }

    /// <summary>The sender learns of the ownership from it, and sends it again under that one.</summary>
    [Fact]
    public async Task What_was_sent_under_an_older_ownership_goes_back_with_the_one_there_is()
    {
        await using var region = new RegionHarness();
        var envelope = region.Receive(1, Older);
        Assert.Empty(region.Arrived);
        Assert.Equal(new EnvelopeRefused(envelope, RegionHarness.Epoch), Assert.Single(region.Refused));
        Assert.Equal(0, region.Refreshes);
    }

    /// <summary>The shard is this node's no longer, or anew: the store says which.</summary>
    [Fact]
    public async Task What_was_sent_under_a_newer_ownership_goes_back_and_the_store_is_read()
    {
        await using var region = new RegionHarness();
        var envelope = region.Receive(1, Newer);
        Assert.Empty(region.Arrived);
        Assert.Equal(new EnvelopeRefused(envelope, RegionHarness.Epoch), Assert.Single(region.Refused));
        Assert.Equal(1, region.Refreshes);
    }

    /// <summary>There is nobody to send it back to, and it must not be lost.</summary>
    [Fact]
    public async Task What_was_sent_under_another_ownership_is_taken_where_its_sender_is_gone()
    {
        await using var region = new RegionHarness { IsPeerReachable = false };
        region.Receive(1, Older);
        Assert.Equal([1], region.Arrived);
    }

    [Fact]
    public async Task A_region_that_owns_nothing_sends_back_whatever_comes()
    {
        await using var region = new RegionHarness(owns: false);
        var known = region.Receive(1, RegionHarness.Epoch);
        Assert.Equal(0, region.Refreshes);
        var unknown = region.Receive(2, Newer);
        Assert.Equal(1, region.Refreshes);
        Assert.Equal([new EnvelopeRefused(known, 0), new EnvelopeRefused(unknown, 0)], region.Refused);
        Assert.Empty(region.Arrived);
    }

    [Fact]
    public async Task A_shard_that_is_given_away_takes_what_comes_until_its_peers_hold_back()
    {
        await using var region = new RegionHarness();
        region.AnnounceHandOff();
        region.Receive(1, RegionHarness.Epoch);
        region.PeerHolds();
        var late = region.Receive(2, RegionHarness.Epoch);
        Assert.Equal([1], region.Arrived);
        Assert.Equal(new EnvelopeRefused(late, 0), Assert.Single(region.Refused));
    }
}
