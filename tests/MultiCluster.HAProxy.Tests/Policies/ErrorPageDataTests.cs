using System.Buffers.Text;
using System.Text;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Policies;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Tests.Policies;

public sealed class ErrorPageDataTests
{
    [Fact]
    public void A_page_is_its_head_its_body_and_its_body_in_one_line()
    {
        var data = Of(new ErrorPage(503, 200, "Fine", [new(HeaderAction.Add, "retry-after", "7"), new(HeaderAction.Add, "x", "y")], Text("a\r\n\nb\n")));
        Assert.Equal("E", data.Flags);
        Assert.Equal(
            [("E503", $"200|{Text("200 Fine\nretry-after:7\nx:y\n")}||||{Text("7")}"), ("L503", $"1|{Text("a b")}"), ("P503", $"1|{Text("a\r\n\nb\n")}")],
            data.Entries.OrderBy(static entry => entry.Key.Key, StringComparer.Ordinal).Select(static entry => (entry.Key.Key[(PolicyData.IdLength + 1)..], entry.Value)));
    }

    [Fact]
    public void The_longest_page_makes_commands()
    {
        var data = Of(new ErrorPage(503, 503, "", [new(HeaderAction.Add, "location", new string('x', ErrorPage.MaxHead))], Text(new string('\u00e9', ErrorPage.MaxBytes / 2))));
        Assert.Empty(data.Refused);
        Assert.Equal(3, data.Entries.Count);
        Assert.All(data.Entries, static entry => Assert.NotNull(new Commands(Make.Paths).AddMap(entry.Key, entry.Value)));
    }

    [Theory]
    [InlineData(99, 503, "", "x", "eA")]
    [InlineData(503, 1000, "", "x", "eA")]
    [InlineData(503, 503, "a\nb", "x", "eA")]
    [InlineData(503, 503, "", "transfer-encoding", "eA")]
    [InlineData(503, 503, "", "a:b", "eA")]
    [InlineData(503, 503, "", "x", "%[src]")]
    public void What_cannot_be_written_is_left_out_and_said(int status, int code, string reason, string header, string body)
    {
        var data = Of(new ErrorPage(status, code, reason, [new(HeaderAction.Add, header, "v")], body));
        Assert.Empty(data.Entries);
        Assert.Single(data.Refused);
    }

    private static PolicyData Of(ErrorPage page) => PolicyData.Of(new RoutePolicy { ErrorPages = [page] });

    private static string Text(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
