using MultiCluster.HAProxy.Policies;
using MultiCluster.HAProxy.Runtime.Mirrors;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Runtime.Tests.Mirrors;

public sealed class RequestCopyTests
{
    private const string Head = "web\nPOST\nhttps\nshop.example:8443\n/a//b/../c%2Fd?x=1\ncookie:a=b\nx-empty:";

    [Theory]
    [InlineData("http://copies.example{uri}", "http://copies.example/a//b/../c%2Fd?x=1")]
    [InlineData("https://copies.example:81/{path}", "https://copies.example:81//a//b/../c%2Fd")]
    [InlineData("http://copies.example/all?of={scheme}://{host}{escaped}", "http://copies.example/all?of=https://shop.example:8443%2Fa%2F%2Fb%2F..%2Fc%252Fd%3Fx%3D1")]
    [InlineData("http://copies.example/{name}", "http://copies.example/shop.example")]
    [InlineData("http://[2001:db8::1]/x", "http://[2001:db8::1]/x")]
    public void A_target_is_filled_with_what_the_request_says(string target, string url)
    {
        var copy = RequestCopy.Parse(RuleOf(new Mirror(target, null, true)), Head, [])!;
        Assert.Equal(("web", "POST", url, null), (copy.Owner, copy.Method, $"{copy.Url.Scheme}://{copy.Url.Authority}{copy.Url.PathAndQuery}", copy.Host));
        Assert.Equal([KeyValuePair.Create("cookie", "a=b"), KeyValuePair.Create("x-empty", "")], copy.Headers);
    }

    [Theory]
    [InlineData("web\nGET\nhttp\nshop.example\n*")]
    [InlineData("web\nGET\nhttp\nshop.example\n.evil.example/")]
    [InlineData("web\nGET\nhttp\nshop.example\n@evil.example/")]
    [InlineData("web\nGET\nhttp\nshop.example\n/a b")]
    [InlineData("web\nGE T\nhttp\nshop.example\n/")]
    [InlineData("web\nGET\nhttp\nshop.example\n/\nno header")]
    [InlineData("web\nGET\nhttp\nshop.example\n/\nbad name:x")]
    [InlineData("web\nGET\nhttp\nshop.example")]
    [InlineData("\nGET\nhttp\nshop.example\n/")]
    [InlineData("")]
    public void What_no_proxy_says_of_a_request_is_no_copy(string head) => Assert.Null(RequestCopy.Parse(RuleOf(new Mirror("http://copies.example{uri}", null, true)), head, []));

    [Theory]
    [InlineData("")]
    [InlineData("||b")]
    [InlineData("bad value||b")]
    [InlineData("aHR0cDovL2E|b")]
    public void What_is_no_value_of_a_policy_is_no_copy(string rule) => Assert.Null(RequestCopy.Parse(rule, Head, []));

    [Fact]
    public void A_host_of_its_own_is_asked_for() => Assert.Equal("b.example", RequestCopy.Parse(RuleOf(new Mirror("http://copies.example/", "b.example", false)), Head, [])!.Host);

    private static string RuleOf(Mirror mirror) => PolicyData.Of(new RoutePolicy { Mirror = mirror }).Entries.Single().Value;
}
