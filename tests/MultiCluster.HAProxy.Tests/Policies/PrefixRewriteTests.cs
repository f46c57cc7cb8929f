using System.Text.RegularExpressions;
using MultiCluster.HAProxy.Policies;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Tests.Policies;

/// <summary>What is rewritten without an expression of its own comes to the same as with it.</summary>
public sealed class PrefixRewriteTests
{
    private static readonly string[] Paths =
    [
        "/", "/a", "/api", "/API", "/api/", "/api/x", "/Api/x", "/apix", "/api.v1/x", "/apiXv1/x", "/x/api/y", "/api/x/y", "/v2/api", "/b/api/x", "/a b", "/ap",
    ];

    [Theory]
    [InlineData(@"^[\x00-\xFF]*?/(.*)", @"/b/\1")]
    [InlineData("^/(.*)", @"/b/\1")]
    [InlineData("^/(.*)$", @"/b/\1")]
    [InlineData("^/api(.*)", @"/v2\1")]
    [InlineData("^/api/(.*)", @"/\1")]
    [InlineData("^/api/(.*)$", @"/v2/\1")]
    [InlineData(@"^/api\.v1/(.*)", @"/\1")]
    [InlineData(@"^/api\x2Ev1/(.*)", @"/\1")]
    [InlineData("^/api(/|$)(.*)", @"/\2")]
    [InlineData("^/api(/|$)(.*)", @"/v2/\2")]
    [InlineData("^/[Aa][Pp][Ii](/|$)(.*)", @"/\2")]
    [InlineData("^/[Aa][Pp][Ii]/(.*)", @"/v2/\1")]
    public void A_beginning_takes_the_place_of_another(string pattern, string replacement) => AssertSame(new PathRewrite(pattern, replacement));

    [Theory]
    [InlineData("/")]
    [InlineData("/v2")]
    [InlineData("/v 2")]
    public void A_rules_path_and_what_is_below_it(string target) =>
        AssertSame(new PathRewrite("^/api/(.*)$", target.TrimEnd('/') + @"/\1"), new PathRewrite("^/api$", target));

    [Fact]
    public void One_path_for_all() => Assert.Equal("/a%20b", PrefixRewrite.Fixed([new PathRewrite("^", "/a b")]));

    [Theory]
    [InlineData("^/api/([^/]+)/(.*)", @"/\2/\1")]
    [InlineData("^/api/(.*)", @"/\1/x")]
    [InlineData("^/api/(.*)", @"\1")]
    [InlineData("^/api.v1/(.*)", @"/\1")]
    [InlineData("^/a+(.*)", @"/\1")]
    [InlineData("^/api?(.*)", @"/\1")]
    [InlineData("^/[Aa]pi/(.*)", @"/\1")]
    [InlineData("^/[ab]pi/(.*)", @"/\1")]
    [InlineData("^(.*)", @"/\1")]
    [InlineData("^/api/(.*)|^/b(.*)", @"/\1")]
    [InlineData("/api/(.*)", @"/\1")]
    [InlineData("^/api(/|$)(.*)", @"/\1")]
    [InlineData("^/api/(.*)", @"/v?2\1")]
    public void All_else_takes_an_expression(string pattern, string replacement) => Assert.Null(PrefixRewrite.Of([new PathRewrite(pattern, replacement)]));

    [Fact]
    public void A_target_that_ends_in_a_slash_takes_an_expression() =>
        Assert.Null(PrefixRewrite.Of([new PathRewrite("^/api/(.*)$", @"/v2/\1"), new PathRewrite("^/api$", "/v2/")]));

    private static void AssertSame(params PathRewrite[] rewrites)
    {
        var prefix = PrefixRewrite.Of(rewrites.ToEquatableArray());
        Assert.NotNull(prefix);
        foreach (var path in Paths)
        {
            var rest = Regex.Replace(prefix.Beginning + path, PrefixRewrite.Expression, "=", RegexOptions.CultureInvariant);
            Assert.Equal(ByExpression(rewrites, path), rest.StartsWith('=') ? prefix.Replacement + rest[1..] : null);
        }
    }

    /// <summary>Null: none matches.</summary>
    private static string? ByExpression(PathRewrite[] rewrites, string path)
    {
        foreach (var (pattern, replacement) in rewrites)
        {
            if (Regex.Match(path, pattern, RegexOptions.CultureInvariant) is { Success: true } match)
                return Regex.Replace(replacement.Replace(" ", "%20", StringComparison.Ordinal), @"\\([0-9])", group => match.Groups[group.Groups[1].Value].Value);
        }

        return null;
    }
}
