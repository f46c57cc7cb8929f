using System.Text.RegularExpressions;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Tests.RoutePolicies;

public sealed class RewriteTests
{
    [Theory]
    [InlineData("J:rewrite-target=/", "/abc", PathMatch.Prefix, "/abc /abc/ /abc/x /abc/x/y /abcd", "/ / /x /x/y /abcd")]
    [InlineData("J:rewrite-target=/y", "/abc", PathMatch.Prefix, "/abc /abc/ /abc/x", "/y /y/ /y/x")]
    [InlineData("J:rewrite-target=/y/", "/abc", PathMatch.Prefix, "/abc /abc/x", "/y/ /y/x")]
    [InlineData("J:rewrite-target=/y", "", PathMatch.Prefix, "/ /x", "/y/ /y/x")]
    [InlineData("J:rewrite-target=/y", "/abc", PathMatch.Exact, "/abc /abc/x", "/y /abc/x")]
    [InlineData("J:rewrite-target=/y", "/a.c", PathMatch.Prefix, "/abc /a.c", "/abc /y")]
    [InlineData("J:rewrite-target=/y", "/ä", PathMatch.Prefix, "/%C3%A4/1 /%c3%a4", "/y/1 /y")]
    [InlineData("J:rewrite-target=/y", "", PathMatch.Default, "/x", "/y/x")]
    [InlineData("H:path-rewrite=/z", "/abc", PathMatch.Prefix, "/abc /abc/x", "/z /z")]
    [InlineData("H:path-rewrite=/abc/(.*) /\\1", "/abc", PathMatch.Prefix, "/abc/x /abc", "/x /abc")]
    [InlineData("H:path-rewrite=(.*) /foo\\1", "/", PathMatch.Prefix, "/abc", "/foo/abc")]
    [InlineData("H:path-rewrite=/a/(.*) /1/\\1\n\n /b/(.*)\t/2/\\1 \n", "/", PathMatch.Prefix, "/a/x /b/y /c", "/1/x /2/y /c")]
    [InlineData("H:path-rewrite=^/a /%%20%2F", "/", PathMatch.Prefix, "/a", "/%20%2F")]
    [InlineData("N:rewrite-target=/new", "/abc", PathMatch.Prefix, "/abc /abc/x", "/new /new")]
    [InlineData("N:rewrite-target=/$1", "/abc/(.*)", PathMatch.Prefix, "/abc/x/y /ABC/x", "/x/y /x")]
    public void A_path_becomes_what_its_controller_makes_of_it(string lines, string path, PathMatch match, string requests, string expected)
    {
        var policy = Reading.Policy(lines, Reading.Context(path, match));
        Assert.All(policy.Rewrites, static rule => Assert.True(SafePattern.IsSafe(rule.Pattern), rule.Pattern));
        Assert.Equal(expected, string.Join(' ', requests.Split(' ').Select(request => Rewritten(policy, request))));
    }

    [Theory]
    [InlineData("J:rewrite-target=/\\1", "names group 1 of an expression that has 0")]
    [InlineData("J:rewrite-target=y", "is \"y\"; write a path that begins with /")]
    [InlineData("J:rewrite-target=/a b", "holds \" \"")]
    [InlineData("J:rewrite-target=/a?b=c", "holds \"?\"")]
    [InlineData("J:rewrite-target=/a%zz", "holds \"%\"")]
    [InlineData("J:rewrite-target=/a%[src]", "write printable characters")]
    [InlineData("N:rewrite-target=/$2", "names group 2 of an expression that has 0")]
    [InlineData("N:rewrite-target=/$request_uri", "holds \"$\"")]
    [InlineData("H:path-rewrite=(a+)+ /x", "which repeats a repetition")]
    [InlineData("H:path-rewrite=(a) /\\2", "names group 2 of an expression that has 1")]
    [InlineData("H:path-rewrite=a b c", "has more than two words")]
    [InlineData("H:path-rewrite=", "is empty")]
    [InlineData("H:path-rewrite=/%[src]", "holds \"%\"")]
    public void What_is_no_rewrite_rewrites_nothing(string lines, string problem)
    {
        var reading = Reading.Of(lines);
        Assert.Empty(reading.Policy.Rewrites);
        Assert.Contains(problem, Assert.Single(reading.Problems).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_line_costs_itself()
    {
        var reading = Reading.Of("H:path-rewrite=(a /x\n^/b /y");
        Assert.Equal(new PathRewrite("^/b", "/y"), Assert.Single(reading.Policy.Rewrites));
        Assert.Equal("annotation haproxy.org/path-rewrite holds \"(a /x\", which has a '(' that nothing closes; write \\( for the character", Assert.Single(reading.Problems).ToString());
    }

    /// <summary>As the program does: the first that matches gives the whole path.</summary>
    private static string Rewritten(RoutePolicy policy, string path)
    {
        foreach (var rule in policy.Rewrites)
        {
            if (Regex.Match(path, rule.Pattern, RegexOptions.None, TimeSpan.FromSeconds(5)) is { Success: true } match)
                return Regex.Replace(rule.Replacement, @"\\(\d)", reference => match.Groups[reference.Groups[1].Value].Value, RegexOptions.None, TimeSpan.FromSeconds(5));
        }

        return path;
    }
}
