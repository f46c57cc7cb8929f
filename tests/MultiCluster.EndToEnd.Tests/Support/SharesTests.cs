using Xunit.Sdk;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>What tests of shares rest on has to fail where the shares are others.</summary>
public sealed class SharesTests
{
    private int _asked;

    [Theory]
    [InlineData(70, 30, true)]
    [InlineData(74, 26, true)]
    [InlineData(66, 34, true)]
    [InlineData(62, 38, false)]
    [InlineData(76, 24, false)]
    [InlineData(50, 50, false)]
    [InlineData(100, 0, false)]
    [InlineData(70, 29, false)]
    public async Task One_sample_tells_70_to_30_from_other_shares(int aws, int gcp, bool fits)
    {
        var wanted = new Dictionary<string, double> { ["aws"] = 70, ["gcp"] = 30 };
        await AssertAsync(fits, () => Shares.AssertAsync(Source(aws, gcp), "http://x.test/", wanted));
        Assert.Equal(Shares.Requests, _asked);
    }

    /// <summary>The last: a rest of two percent that goes elsewhere is in any 60 requests in a row of this source.</summary>
    [Theory]
    [InlineData(100, 0, true)]
    [InlineData(50, 50, false)]
    [InlineData(0, 100, false)]
    [InlineData(98, 1, false)]
    public async Task One_sample_tells_a_member_alone_from_one_with_others(int aws, int gcp, bool fits)
    {
        await AssertAsync(fits, () => Shares.AssertMembersAsync(Source(aws, gcp), "http://x.test/", 100, "aws"));
        Assert.Equal(Shares.LeastRequests, _asked);
    }

    [Theory]
    [InlineData(99, 1, true)]
    [InlineData(100, 0, false)]
    public async Task A_member_with_a_small_share_is_looked_for_in_as_many_requests_as_it_takes(int aws, int gcp, bool fits)
    {
        await AssertAsync(fits, () => Shares.AssertMembersAsync(Source(aws, gcp), "http://x.test/", 1, "aws", "gcp"));
        Assert.Equal(1400, _asked);
    }

    [Theory]
    [InlineData(70, true)]
    [InlineData(69.99, true)]
    [InlineData(69.9, false)]
    [InlineData(0, false)]
    public void What_is_waited_for_is_the_share_itself(double aws, bool same)
    {
        var wanted = new Dictionary<string, double> { ["aws"] = 70 };
        Assert.Equal(same, ShareState.AreSame(aws == 0 ? new Dictionary<string, double>() : new Dictionary<string, double> { ["aws"] = aws }, wanted));
        Assert.False(ShareState.AreSame(new Dictionary<string, double> { ["aws"] = 70, ["gcp"] = 0.5 }, wanted));
    }

    private static async Task AssertAsync(bool fits, Func<Task> sample)
    {
        if (fits)
            await sample();
        else
            await Assert.ThrowsAnyAsync<XunitException>(sample);
    }

    /// <summary>Of each hundred requests so many of aws and so many of gcp, spread evenly; the rest fail.</summary>
    private Func<Task<string>> Source(int aws, int gcp) => () =>
    {
        // 37 and 100 have no common divisor: every place of a hundred is met once.
        var place = Interlocked.Increment(ref _asked) * 37 % 100;
        return Task.FromResult(place < aws ? "aws" : place < aws + gcp ? "gcp" : "503");
    };
}
