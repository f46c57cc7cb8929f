using System.Text.RegularExpressions;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Tests;

public sealed class TokenTests
{
    [Fact]
    public async Task A_token_is_made_with_the_line_for_its_digest()
    {
        using var mcctl = new Mcctl();
        Assert.Equal(0, await mcctl.RunAsync("token", "new", "ann", "operate"));
        Assert.Matches(new Regex("^Token, [^\n]+\nmct_[A-Za-z0-9_-]{43}\nLine, [^\n]+\nann operate [0-9a-f]{64}\n$"), mcctl.Output);
    }

    [Theory]
    [InlineData("ann", "boss")]
    [InlineData("an n", "view")]
    public async Task Other_names_and_roles_are_refused(string name, string role)
    {
        using var mcctl = new Mcctl();
        Assert.Equal(2, await mcctl.RunAsync("token", "new", name, role));
    }

    [Fact]
    public async Task A_file_that_holds_no_token_is_named()
    {
        using var mcctl = new Mcctl().Answer<IReadOnlyList<RouteView>>(AdminPaths.Routes, []);
        Assert.Equal(2, await mcctl.RunAsync("routes", "--token-file", "/dev/null"));
        Assert.Equal("error: /dev/null holds no token\n", mcctl.Error);
        Assert.Equal(2, await mcctl.RunAsync("routes", "--ca-file", "/no/file"));
    }
}
