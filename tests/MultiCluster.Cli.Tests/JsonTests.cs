using System.Text.Json;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Tests;

public sealed class JsonTests
{
    [Fact]
    public async Task Json_is_the_servers_document()
    {
        var body = JsonSerializer.Serialize(MemberSample.Members, AdminJson.Default.IReadOnlyListMemberDetailView);
        using var mcctl = new Mcctl().Text(AdminPaths.Members, body);
        Assert.Equal(0, await mcctl.RunAsync("member", "list", "-o", "json"));
        Assert.Equal(body + "\n", mcctl.Output);
    }

    [Fact]
    public async Task Fields_that_this_mcctl_does_not_know_are_kept_and_everything_is_indented()
    {
        using var mcctl = new Mcctl().Text(AdminPaths.Routes, """[{"host":"a","future":[1.50]}]""");
        Assert.Equal(0, await mcctl.RunAsync("-o", "json", "routes"));
        Assert.Equal(
            """
            [
              {
                "host": "a",
                "future": [
                  1.50
                ]
              }
            ]

            """,
            mcctl.Output);
    }

    [Fact]
    public async Task Control_characters_stay_escaped()
    {
        using var mcctl = new Mcctl().Text(AdminPaths.Routes, "[\"\\u001b[2J\u009b\u202e\U000E0001 a\\n&+ä\"]");
        Assert.Equal(0, await mcctl.RunAsync("routes", "--output", "json"));
        Assert.Equal("[\n  \"\\u001B[2J\\u009B\\u202E\\uDB40\\uDC01 a\\n&+ä\"\n]\n", mcctl.Output);
    }

    [Theory]
    [InlineData("<html>hello</html>")]
    [InlineData("")]
    [InlineData("[] []")]
    public async Task What_is_no_json_is_an_error(string body)
    {
        using var mcctl = new Mcctl().Text(AdminPaths.Routes, body);
        Assert.Equal(1, await mcctl.RunAsync("routes", "-o", "json"));
        Assert.Equal(1, await mcctl.RunAsync("routes"));
        Assert.Empty(mcctl.Output);
        Assert.Contains("http://127.0.0.1:9070 answers with no JSON", mcctl.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""[{"host":"a"}]""")]
    [InlineData("""[{"host":null,"path":"/","match":"Exact","ingress":"a/b","backend":"a/b:1","members":[],"endpoints":0,"owner":true}]""")]
    public async Task A_document_of_another_shape_is_an_error_and_no_crash(string body)
    {
        using var mcctl = new Mcctl().Text(AdminPaths.Routes, body);
        Assert.Equal(1, await mcctl.RunAsync("routes"));
        Assert.Empty(mcctl.Output);
        Assert.Contains("of another version", mcctl.Error, StringComparison.Ordinal);
    }
}
