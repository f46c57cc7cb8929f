namespace MultiCluster.Acme.Tests.Orders;

public sealed class AcmeHostsTests
{
    [Theory]
    [InlineData("shop.example", null)]
    [InlineData("xn--bcher-kva.example", null)]
    [InlineData("*.shop.example", "dns-01")]
    [InlineData("", "not a DNS name")]
    [InlineData("localhost", "without a dot")]
    [InlineData("10.0.0.1", "not a DNS name")]
    [InlineData("[::1]", "not a DNS name")]
    [InlineData("a..example", "not a DNS name")]
    [InlineData("bücher.example", "not a DNS name")]
    [InlineData("shop.example.", "not a DNS name")]
    [InlineData("a b.example\n", "not a DNS name")]
    public void A_host_can_be_asked_for_or_why_not(string host, string? wrong)
    {
        var hosts = AcmeHosts.Read(["www.shop.example", host]);

        Assert.Equal(wrong is null, hosts.IsOk);
        if (wrong is not null)
            Assert.Contains(wrong, hosts.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_host_and_too_many_are_refused()
    {
        Assert.False(AcmeHosts.Read([]).IsOk);
        Assert.True(AcmeHosts.Read(Enumerable.Range(0, 100).Select(static number => $"h{number}.example")).IsOk);
        Assert.Contains("101", AcmeHosts.Read(Enumerable.Range(0, 101).Select(static number => $"h{number}.example")).Error?.Message, StringComparison.Ordinal);
    }
}
