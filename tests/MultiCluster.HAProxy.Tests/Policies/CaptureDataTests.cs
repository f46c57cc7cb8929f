using MultiCluster.HAProxy.Policies;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Tests.Policies;

public sealed class CaptureDataTests
{
    [Fact]
    public void A_rule_is_read_back()
    {
        var capture = new RequestCapture(
            [new(CapturedKind.LastValue, "x-shop"), new(CapturedKind.LastLine, "x-forwarded-for"), new(CapturedKind.Cookie, "Cart_1"), new(CapturedKind.Sample, "url")], 128);
        var data = PolicyData.Of(new RoutePolicy { Capture = capture });
        Assert.Empty(data.Refused);
        Assert.Equal("H", data.Flags);
        var value = Assert.Single(data.Entries).Value;
        Assert.Equal("128,h:x-shop,f:x-forwarded-for,c:Cart_1,s:url", value);
        Assert.Equal(capture, CaptureData.Parse(value));
    }

    [Theory]
    [InlineData(CapturedKind.LastValue, "")]
    [InlineData(CapturedKind.LastValue, "X-Shop")]
    [InlineData(CapturedKind.LastLine, "a b")]
    [InlineData(CapturedKind.LastLine, "a,s:src")]
    [InlineData(CapturedKind.LastLine, "ä")]
    [InlineData(CapturedKind.Cookie, "a|b")]
    [InlineData(CapturedKind.Cookie, "a\nadd map")]
    [InlineData(CapturedKind.Sample, "req.body")]
    [InlineData((CapturedKind)7, "src")]
    public void A_part_that_is_none_costs_itself_and_is_said(CapturedKind kind, string name)
    {
        var data = PolicyData.Of(new RoutePolicy { Capture = new RequestCapture([new(kind, name), new(CapturedKind.Sample, "src")], 1) });
        Assert.Single(data.Refused);
        Assert.Equal("1,s:src", Assert.Single(data.Entries).Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("64")]
    [InlineData("64,")]
    [InlineData("0,s:src")]
    [InlineData("-1,s:src")]
    [InlineData("4097,s:src")]
    [InlineData("99999999999,s:src")]
    [InlineData("64,x:src")]
    [InlineData("64,s:body")]
    [InlineData("64,h:X")]
    [InlineData("64,h:a,")]
    [InlineData("64,s:src,s:src,s:src,s:src,s:src,s:src,s:src,s:src,s:src,s:src,s:src,s:src,s:src,s:src,s:src,s:src,s:src")]
    public void What_is_no_rule_is_not_read(string value) => Assert.Null(CaptureData.Parse(value));

    [Fact]
    public void Of_too_many_parts_the_first_count()
    {
        var parts = Enumerable.Repeat(new CapturedPart(CapturedKind.Sample, "src"), RequestCapture.MaxParts + 1);
        var data = PolicyData.Of(new RoutePolicy { Capture = new RequestCapture([.. parts], 1) });
        Assert.NotEmpty(data.Refused);
        Assert.Equal(RequestCapture.MaxParts, CaptureData.Parse(Assert.Single(data.Entries).Value)!.Parts.Count);
    }
}
