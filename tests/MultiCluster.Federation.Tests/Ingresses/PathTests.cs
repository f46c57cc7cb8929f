using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Tests.Ingresses;

public sealed class PathTests
{
    [Theory]
    [InlineData("/", "Prefix", "", PathMatch.Prefix)]
    [InlineData(null, "Prefix", "", PathMatch.Prefix)]
    [InlineData("", "ImplementationSpecific", "", PathMatch.Prefix)]
    [InlineData(null, "ImplementationSpecific", "", PathMatch.Prefix)]
    [InlineData("/foo", "Prefix", "/foo", PathMatch.Prefix)]
    [InlineData("/foo/", "Prefix", "/foo", PathMatch.Prefix)]
    [InlineData("/foo", "ImplementationSpecific", "/foo", PathMatch.Prefix)]
    [InlineData("/foo", "Exact", "/foo", PathMatch.Exact)]
    [InlineData("/foo/", "Exact", "/foo/", PathMatch.Exact)]
    [InlineData("/", "Exact", "/", PathMatch.Exact)]
    [InlineData("/caf%C3%A9", "Exact", "/café", PathMatch.Exact)]
    [InlineData("/%41", "Exact", "/A", PathMatch.Exact)]
    [InlineData("/.well-known/x", "Prefix", "/.well-known/x", PathMatch.Prefix)]
    [InlineData("/a...b/..c", "Prefix", "/a...b/..c", PathMatch.Prefix)]
    [InlineData("/~a:b@c!$&()*+,=", "Prefix", "/~a:b@c!$&()*+,=", PathMatch.Prefix)]
    public void A_valid_path_becomes_a_key(string? path, string type, string expected, PathMatch match)
    {
        var fragment = Make.MergeOne(Make.Ingress(Make.Rule("a.example", Make.Path(path, "a", type))));

        Assert.Equal(new RouteKey("a.example", expected, match), Assert.Single(fragment.Routes).Key);
        Assert.Null(fragment.ConditionOf(ConditionType.PartiallyInvalid));
        Assert.True(fragment.ConditionOf(ConditionType.Accepted)!.Status);
    }

    [Theory]
    [InlineData(null, "Exact", "is missing")]
    [InlineData("foo", "Prefix", "must begin with '/'")]
    [InlineData("*", "Prefix", "must begin with '/'")]
    [InlineData("/a\nb", "Prefix", "\\u000a")]
    [InlineData("/a\0b", "Prefix", "U+0000")]
    [InlineData("/a\u007fb", "Prefix", "U+007F")]
    [InlineData("/a\u0085b", "Prefix", "U+0085")]
    [InlineData("/a b", "Prefix", "whitespace (U+0020)")]
    [InlineData("/a\tb", "Prefix", "whitespace (U+0009)")]
    [InlineData("/a%20b", "Prefix", "decodes to whitespace (U+0020)")]
    [InlineData("/a%C2%A0b", "Prefix", "decodes to whitespace (U+00A0)")]
    [InlineData("/a%0ab", "Prefix", "decodes to whitespace (U+000A)")]
    [InlineData("/a%00b", "Prefix", "decodes to the control character U+0000")]
    [InlineData("/a%7Fb", "Prefix", "decodes to the control character U+007F")]
    [InlineData("/a%C2%85b", "Prefix", "U+0085")]
    [InlineData("/a\"b", "Prefix", "can't hold, percent-encoded or not")]
    [InlineData("/a'b", "Prefix", "can't hold, percent-encoded or not")]
    [InlineData("/100%25", "Prefix", "can't hold, percent-encoded or not")]
    [InlineData("/a%3Bb", "Prefix", "can't hold, percent-encoded or not")]
    [InlineData("/a%3Cb", "Prefix", "can't hold, percent-encoded or not")]
    [InlineData("/a;b", "Prefix", "can't hold, percent-encoded or not")]
    [InlineData("/a\\b", "Prefix", "can't hold, percent-encoded or not")]
    [InlineData("/café", "Prefix", "holds U+00E9; write it percent-encoded")]
    [InlineData("/a%[b", "Prefix", "\"%[b\", which is no percent-encoding")]
    [InlineData("/a%", "Prefix", "no percent-encoding")]
    [InlineData("/a%4", "Prefix", "no percent-encoding")]
    [InlineData("/a%4\0", "Prefix", "no percent-encoding")]
    [InlineData("/a%ff", "Prefix", "not UTF-8")]
    [InlineData("/a%C0%AF", "Prefix", "not UTF-8")]
    [InlineData("/a%ED%A0%80", "Prefix", "not UTF-8")]
    [InlineData("/a?b=c", "Prefix", "'?'")]
    [InlineData("/a#b", "Prefix", "'#'")]
    [InlineData("//a", "Prefix", "//")]
    [InlineData("/a//", "Prefix", "//")]
    [InlineData("/a/../b", "Prefix", "dot segment")]
    [InlineData("/a/.", "Prefix", "dot segment")]
    [InlineData("/a/%2e%2E/b", "Prefix", "dot segment")]
    [InlineData("/a/.%2e", "Prefix", "dot segment")]
    [InlineData("/a%2fb", "Prefix", "encoded slash")]
    [InlineData("/a%2F", "Prefix", "encoded slash")]
    public void An_invalid_path_says_what_and_where(string? path, string type, string expected)
    {
        var ingress = Make.Ingress(Make.Rule("a.example", Make.Path("/good", "a"), Make.Path(path, "b", type)));

        var fragment = Make.MergeOne(ingress);

        Assert.Equal("/good", Assert.Single(fragment.Routes).Key.Path);
        var condition = fragment.ConditionOf(ConditionType.PartiallyInvalid)!;
        Assert.Equal((true, Reasons.InvalidPath), (condition.Status, condition.Reason));
        Assert.StartsWith("aws: Ingress web/shop: spec.rules[0].http.paths[1].path ", condition.Message, StringComparison.Ordinal);
        Assert.Contains(expected, condition.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(condition.Message, char.IsControl);
    }

    [Theory]
    [InlineData(1024, 1, true)]
    [InlineData(1025, 1, false)]
    [InlineData(1024, 3, true)]
    [InlineData(1025, 3, false)]
    [InlineData(100_000, 1, false)]
    public void A_path_has_at_most_1024_bytes_decoded(int bytes, int width, bool valid)
    {
        var path = "/" + string.Concat(Enumerable.Repeat(width == 1 ? "a" : "%61", bytes - 1));
        var fragment = Make.MergeOne(Make.Ingress(Make.Rule("a.example", Make.Path(path, "a"))));

        Assert.Equal(valid, fragment.ConditionOf(ConditionType.Accepted)!.Status);
        Assert.Equal(valid ? 1 : 0, fragment.Routes.Count);
        Assert.True(fragment.ConditionOf(ConditionType.Accepted)!.Message.Length < 400);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("exact")]
    [InlineData("Regex\n")]
    public void An_unknown_path_type_is_named(string? type)
    {
        var fragment = Make.MergeOne(Make.Ingress(Make.Rule("a.example", Make.Path("/a", "a", type))));

        var condition = fragment.ConditionOf(ConditionType.Accepted)!;
        Assert.Equal((false, Reasons.InvalidPathType), (condition.Status, condition.Reason));
        Assert.Contains("spec.rules[0].http.paths[0].pathType", condition.Message, StringComparison.Ordinal);
        Assert.Contains("Exact, Prefix or ImplementationSpecific", condition.Message, StringComparison.Ordinal);
    }
}
