using System.Buffers.Text;
using System.Globalization;
using System.Text;
using MultiCluster.Federation.RoutePolicies;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.Tests.RoutePolicies;

public sealed class ErrorPageTests
{
    [Theory]
    [InlineData("403", "403", "403 () ")]
    [InlineData("403", "404 Not Here", "404 Not Here () ")]
    [InlineData("503", "200\nContent-Type: text/html; charset=utf-8\nX-A:b\n\n<b>\nno", "200 (content-type=text/html; charset=utf-8 x-a=b) <b>\nno")]
    [InlineData("503", "\nno\n\n  more\n", "503 () no\n\n  more\n")]
    [InlineData("503", "\r\n%[src] \"é\"\r\n", "503 () %[src] \"é\"\n")]
    [InlineData("503", "Connection: close\ncontent-length: 5\nSet-Cookie: a=1\nSet-Cookie: b=2", "503 (set-cookie=a=1 set-cookie=b=2) ")]
    [InlineData("503", "200 OK: fine\nX: 404 a", "200 OK: fine (x=404 a) ")]
    public void A_page_is_a_status_headers_and_a_body(string status, string value, string expected)
    {
        var page = Assert.Single(Read(status, value).Policy.ErrorPages);
        Assert.Equal(status, page.Status.ToString(CultureInfo.InvariantCulture));
        var headers = string.Join(' ', page.Headers.Select(static header => $"{header.Name}={header.Value}"));
        Assert.Equal(expected, $"{page.Code} {page.Reason}{(page.Reason.Length == 0 ? "" : " ")}({headers}) {Encoding.UTF8.GetString(Base64Url.DecodeFromChars(page.Body))}");
        PolicyAlphabets.CheckStrings(Read(status, value).Policy);
    }

    [Theory]
    [InlineData("503", "no header\n\nbody", "has the line \"no header\", which is neither a status nor a header")]
    [InlineData("503", "<b>: x\n\nbody", "which is neither a status nor a header")]
    [InlineData("503", "100 Continue", "which is neither a status nor a header")]
    [InlineData("503", "Transfer-Encoding: chunked", "has the header transfer-encoding, which is HAProxy's own to write")]
    [InlineData("503", "X-A: \u00e9", "which is neither a status nor a header")]
    [InlineData("503", "204 None\n\nbody", "has a body, and an answer with 204 has none")]
    [InlineData("503", "X: a\u0007b", "write lines of text without control characters")]
    [InlineData("405", "no header\n\nbody", "which is neither a status nor a header")]
    public void A_bad_page_is_none(string status, string value, string problem)
    {
        var reading = Read(status, value);
        Assert.True(reading.Policy.IsEmpty);
        Assert.Contains(problem, Assert.Single(reading.Problems).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_too_long_for_a_proxy_is_left_out()
    {
        Assert.Empty(Read("503", "\n" + new string('x', ErrorPage.MaxBytes)).Problems);
        Assert.Contains("has a body of 9001 bytes", Assert.Single(Read("503", "\n" + new string('x', ErrorPage.MaxBytes + 1)).Problems).Text, StringComparison.Ordinal);
        Assert.Contains("has a body of 9002 bytes", Assert.Single(Read("503", "\n" + new string('\u00e9', 4501)).Problems).Text, StringComparison.Ordinal);
        Assert.Contains("headers of more than 2048 characters", Assert.Single(Read("503", "X: " + new string('x', 2046)).Problems).Text, StringComparison.Ordinal);
        Assert.Contains("has 65536 characters", Assert.Single(Read("503", new string('x', 64 * 1024)).Problems).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void No_answer_of_a_route_is_one_of_the_others() => Assert.True(Read("405", "\nbody").Policy.IsEmpty);

    private static RoutePolicyReading Read(string status, string value) =>
        RoutePolicyReader.Read(EquatableMap.From([KeyValuePair.Create($"{Reading.J}http-response-{status}", value)]), EquatableMap.Empty, Reading.Context());
}
