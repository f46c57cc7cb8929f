using MultiCluster.HAProxy.Policies;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Tests.Policies;

/// <summary>That HAProxy takes what is taken here is tried with HAProxy itself.</summary>
public sealed class PatternCheckTests
{
    [Theory]
    [InlineData("^/a(/|$)(.*)")]
    [InlineData(@"/\d+/[^/]{1,3}\.x")]
    [InlineData("(?i)^/a|(?:b|c)?")]
    [InlineData("[.][:][=x][:a]")]
    [InlineData("(?=a)(?!b)(?i:c)")]
    [InlineData("[a-z0-9_-]+[-a][a-][[:alpha:]x]")]
    [InlineData(@"\x2f\-\.[\x30-9\]]")]
    [InlineData("a{2}b{2,}c{2,3}d*?e++")]
    public void An_expression_is_taken(string pattern) => Assert.Empty(Refused(pattern));

    [Theory]
    [InlineData("a)|(b")]
    [InlineData("(a")]
    [InlineData("a)")]
    [InlineData("[a")]
    [InlineData("[]")]
    [InlineData("[^]")]
    [InlineData("[z-a]")]
    [InlineData(@"[\d-z]")]
    [InlineData("[[.a.]]")]
    [InlineData("[:alpha:]")]
    [InlineData("[.a.]")]
    [InlineData("[[:nothing:]]")]
    [InlineData("*a")]
    [InlineData("a**")]
    [InlineData("^*")]
    [InlineData("(?=a)*")]
    [InlineData("a|*")]
    [InlineData("a{2,1}")]
    [InlineData("a{")]
    [InlineData("a{x}")]
    [InlineData("a{1001}")]
    [InlineData("(((a{100}){100}){100})")]
    [InlineData(@"a\")]
    [InlineData(@"(a)\1")]
    [InlineData(@"\Qa")]
    [InlineData(@"\K")]
    [InlineData(@"\x2")]
    [InlineData("(?R)")]
    [InlineData("(?P=a)")]
    [InlineData("(*ACCEPT)")]
    [InlineData("(?C1)")]
    [InlineData("(?:")]
    [InlineData("((((((((((((((((((((((a))))))))))))))))))))))")]
    public void An_expression_is_refused(string pattern) => Assert.Single(Refused(pattern));

    private static IReadOnlyList<string> Refused(string pattern) => PolicyData.Of(new RoutePolicy { Rewrites = [new(pattern, "/")] }).Refused;
}
