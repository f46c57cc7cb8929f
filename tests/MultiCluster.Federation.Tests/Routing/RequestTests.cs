using MultiCluster.Federation.Routing;

namespace MultiCluster.Federation.Tests.Routing;

public sealed class RequestTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a/b", "/a/b")]
    [InlineData("/a/", "/a/")]
    [InlineData("/a?b=/../c", "/a")]
    [InlineData("//a///b//", "/a/b/")]
    [InlineData("/a%2fb", "/a/b")]
    [InlineData("/a%2F/b", "/a/b")]
    [InlineData("/%41%3B%25", "/A;%")]
    [InlineData("/a%3Fb", "/a?b")]
    [InlineData("/caf%C3%A9", "/café")]
    [InlineData("/a%20b", "/a b")]
    [InlineData("/...", "/...")]
    [InlineData("/a..b/.c", "/a..b/.c")]
    [InlineData("/%2541", "/%41")]
    public void A_path_is_decoded_once_with_single_slashes(string raw, string expected) =>
        Assert.Equal(new CanonicalText(expected, null), RequestPath.Canonicalise(raw));

    [Fact]
    public void Bytes_that_are_no_utf8_stay_apart_from_all_characters()
    {
        Assert.Equal("/a\uDCFFb", RequestPath.Canonicalise("/a%ffb").Value);
        Assert.Equal("/\uDCC3", RequestPath.Canonicalise("/%C3").Value);
        Assert.NotEqual(RequestPath.Canonicalise("/%EF%BF%BD").Value, RequestPath.Canonicalise("/%FF").Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("a/b")]
    [InlineData("http://a/b")]
    [InlineData("/.")]
    [InlineData("/..")]
    [InlineData("/x/../y")]
    [InlineData("/x/./y")]
    [InlineData("/x/%2e%2e/y")]
    [InlineData("/x/.%2E/y")]
    [InlineData("/x%2f..%2fy")]
    [InlineData("/a%00")]
    [InlineData("/a%0a")]
    [InlineData("/a%7f")]
    [InlineData("/a%1f")]
    [InlineData("/a%")]
    [InlineData("/a%4")]
    [InlineData("/a%4\0")]
    [InlineData("/a%zz")]
    [InlineData("/a%[b")]
    [InlineData("/a b")]
    [InlineData("/a\nb")]
    [InlineData("/café")]
    [InlineData("/a#b")]
    public void A_path_that_could_be_read_in_two_ways_is_refused(string raw) => Assert.NotNull(RequestPath.Canonicalise(raw).Problem);

    [Theory]
    [InlineData("shop.example", "shop.example")]
    [InlineData("Shop.Example:8080", "shop.example")]
    [InlineData("shop.example.", "shop.example")]
    [InlineData("shop.example.:80", "shop.example")]
    [InlineData("shop.example:", "shop.example")]
    [InlineData("a_b.example", "a_b.example")]
    [InlineData("10.0.0.1:80", "10.0.0.1")]
    [InlineData("[2001:DB8::1]", "[2001:db8::1]")]
    [InlineData("[::1]:8080", "[::1]")]
    [InlineData("", "")]
    [InlineData(":80", "")]
    [InlineData("a..", "a")]
    public void A_host_is_lower_case_without_port_and_trailing_dots(string raw, string expected) =>
        Assert.Equal(new CanonicalText(expected, null), RequestHost.Canonicalise(raw));

    [Theory]
    [InlineData("a/b")]
    [InlineData("a?")]
    [InlineData("a#")]
    [InlineData("a%2f")]
    [InlineData("*.example")]
    [InlineData("a b")]
    [InlineData("a\0b")]
    [InlineData("a:b:80")]
    [InlineData("::1")]
    [InlineData("[::1")]
    [InlineData("[x]")]
    [InlineData("[")]
    [InlineData("[]")]
    [InlineData(".foo.example")]
    [InlineData(".")]
    [InlineData("[::1]x")]
    [InlineData("user@shop.example")]
    [InlineData("bücher.example")]
    [InlineData("shop.\u212Aelvin")]
    public void A_host_that_is_none_is_refused(string raw) => Assert.NotNull(RequestHost.Canonicalise(raw).Problem);

    [Fact]
    public void A_refusal_is_short() => Assert.InRange(RequestHost.Canonicalise(new string('/', 10_000)).Problem!.Length, 1, 200);
}
