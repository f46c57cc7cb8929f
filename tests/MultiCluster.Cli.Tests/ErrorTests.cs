using System.Net;
using System.Net.Sockets;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Tests;

public sealed class ErrorTests
{
    [Fact]
    public async Task A_server_that_refuses_the_connection_is_one_line_with_address_and_fix()
    {
        using var mcctl = new Mcctl { Failure = new HttpRequestException("no", new SocketException((int)SocketError.ConnectionRefused)) };
        Assert.Equal(1, await mcctl.RunAsync("routes"));
        Assert.Empty(mcctl.Output);
        Assert.Equal(
            "error: no answer from http://127.0.0.1:9070 (connection refused); is 'multicluster run' up there? --server or MCCTL_SERVER names another address\n",
            mcctl.Error);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_given_up()
    {
        using var mcctl = new Mcctl { Failure = new TaskCanceledException("timeout", new TimeoutException()) };
        Assert.Equal(1, await mcctl.RunAsync("routes"));
        Assert.Contains("(nothing within 15 s)", mcctl.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_object_is_told_in_the_servers_words()
    {
        using var mcctl = new Mcctl().Text(
            AdminPaths.Ingress("shop", "nope"),
            """{"title":"Not Found","status":404,"detail":"no member has an Ingress shop/nope"}""",
            HttpStatusCode.NotFound);
        Assert.Equal(1, await mcctl.RunAsync("ingress", "show", "shop/nope"));
        Assert.Equal("error: no member has an Ingress shop/nope\n", mcctl.Error);
        Assert.Empty(mcctl.Output);
    }

    [Fact]
    public async Task Another_programs_404_is_told_as_such()
    {
        using var mcctl = new Mcctl().Text(AdminPaths.Routes, "<h1>Not Found</h1>", HttpStatusCode.NotFound);
        Assert.Equal(1, await mcctl.RunAsync("routes"));
        Assert.Equal(
            "error: http://127.0.0.1:9070 answers with status 404: it is not MultiCluster's admin API, or of another version than this mcctl\n",
            mcctl.Error);
    }

    [Theory]
    [InlineData("", "mcctl --help")]
    [InlineData("nonsense", "mcctl --help")]
    [InlineData("member", "mcctl member --help")]
    [InlineData("member show", "mcctl member show --help")]
    [InlineData("member drain", "mcctl member drain --help")]
    [InlineData("member drain ..", "mcctl member drain --help")]
    [InlineData("member drain aws --timeout", "mcctl member drain --help")]
    [InlineData("member drain aws --timeout 5", "mcctl member drain --help")]
    [InlineData("member drain aws --timeout -5m", "mcctl member drain --help")]
    [InlineData("member drain aws --timeout 2d", "mcctl member drain --help")]
    [InlineData("member remove aws --grace soon --yes", "mcctl member remove --help")]
    [InlineData("member remove . --yes", "mcctl member remove --help")]
    [InlineData("member uncordon", "mcctl member undrain --help")]
    [InlineData("ingress conflicts -n", "mcctl ingress conflicts --help")]
    [InlineData("backend show shop", "mcctl backend show --help")]
    [InlineData("backend show shop/", "mcctl backend show --help")]
    [InlineData("ingress show", "mcctl ingress show --help")]
    [InlineData("ingress show noslash", "mcctl ingress show --help")]
    [InlineData("ingress show a/b/c", "mcctl ingress show --help")]
    [InlineData("ingress show /b", "mcctl ingress show --help")]
    [InlineData("routes --output yaml", "mcctl routes --help")]
    [InlineData("routes --wrong", "mcctl routes --help")]
    [InlineData("routes -o 1", "mcctl routes --help")]
    [InlineData("cluster", "mcctl cluster --help")]
    [InlineData("cluster down", "mcctl cluster down --help")]
    [InlineData("sharding find", "mcctl sharding find --help")]
    [InlineData("sharding list-entities", "mcctl sharding list-entities --help")]
    [InlineData("sharding list-entities x", "mcctl sharding list-entities --help")]
    [InlineData("sharding list-entities -1", "mcctl sharding list-entities --help")]
    [InlineData("actor hierarchy --depth -1", "mcctl actor hierarchy --help")]
    [InlineData("actor hierarchy --depth x", "mcctl actor hierarchy --help")]
    [InlineData("log tail --level loud", "mcctl log tail --help")]
    [InlineData("log tail --lines -1", "mcctl log tail --help")]
    [InlineData("log tail --lines x", "mcctl log tail --help")]
    [InlineData("proxy diff", "mcctl proxy diff --help")]
    public async Task Wrong_usage_exits_with_2_and_names_the_help(string args, string help)
    {
        using var mcctl = new Mcctl();
        Assert.Equal(2, await mcctl.RunAsync(args.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Empty(mcctl.Output);
        Assert.StartsWith("error: ", mcctl.Error, StringComparison.Ordinal);
        Assert.EndsWith($"\nsee: {help}\n", mcctl.Error, StringComparison.Ordinal);
        Assert.Empty(mcctl.Requests);
    }

    [Fact]
    public async Task A_wrong_format_is_one_line_that_names_the_right_ones()
    {
        using var mcctl = new Mcctl();
        Assert.Equal(2, await mcctl.RunAsync("routes", "-o", "yaml"));
        Assert.Equal("error: --output takes table or json, not 'yaml'\nsee: mcctl routes --help\n", mcctl.Error);
    }

    [Theory]
    [InlineData("127.0.0.1:9070")]
    [InlineData("ftp://a")]
    [InlineData("/socket")]
    [InlineData("http://a/?b")]
    public async Task A_wrong_address_exits_with_2(string address)
    {
        using var option = new Mcctl();
        Assert.Equal(2, await option.RunAsync("routes", "--server", address));
        Assert.StartsWith($"error: --server: '{address}' is no address", option.Error, StringComparison.Ordinal);
        using var variable = new Mcctl { ServerVariable = address };
        Assert.Equal(2, await variable.RunAsync("routes"));
        Assert.StartsWith($"error: MCCTL_SERVER: '{address}' is no address", variable.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_option_beats_the_variable_beats_the_default()
    {
        using var mcctl = new Mcctl { ServerVariable = "https://variable.example/base/" };
        await mcctl.RunAsync("routes");
        await mcctl.RunAsync("routes", "--server", "http://option.example:1", "--host", "a b&c.example");
        Assert.Equal(
            ["https://variable.example/base/api/v1/routes", "http://option.example:1/api/v1/routes?host=a%20b%26c.example"],
            mcctl.Requests);
    }

    [Fact]
    public async Task Names_cannot_leave_their_place_in_the_path()
    {
        using var mcctl = new Mcctl();
        await mcctl.RunAsync("proxy", "show", "../routes?x#y");
        await mcctl.RunAsync("explain", "shop.example/a?b=c&d#e");
        Assert.Equal(
            [
                "http://127.0.0.1:9070/api/v1/proxies/..%2Froutes%3Fx%23y",
                "http://127.0.0.1:9070/api/v1/explain?url=http%3A%2F%2Fshop.example%2Fa%3Fb%3Dc%26d%23e",
            ],
            mcctl.Requests);
    }

    [Fact]
    public async Task Help_names_every_command()
    {
        using var mcctl = new Mcctl();
        Assert.Equal(0, await mcctl.RunAsync("--help"));
        foreach (var command in (string[])["member", "ingress", "backend", "routes", "proxy", "explain", "cluster", "sharding", "actor", "log", "annotations", "migrate", "--server", "--output"])
            Assert.Contains($" {command}", mcctl.Output, StringComparison.Ordinal);
    }
}
