using System.Net;
using System.Text.Json;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Tests;

public sealed class ProcessTests
{
    [Fact]
    public async Task Actors_are_shown_as_a_tree()
    {
        using var mcctl = new Mcctl().Answer(ClusterPaths.ActorsOf("/user", 1), ClusterSample.Tree);
        Assert.Equal(0, await mcctl.RunAsync("actor", "hierarchy", "/user", "--depth", "1"));
        Assert.Equal(
            """
            ACTOR           TYPE           STATE         MAILBOX   RESTARTS   FAULT
            /user           Guardian       Running       0         0          -
              control       ControlPlane   Running       7         2          -
                … 12 more   -              -             -         -          -
              status        StatusWriter   Quarantined   0         5          HttpRequestException: no

            """,
            mcctl.Output);
    }

    [Fact]
    public async Task All_actors_are_asked_for_by_default()
    {
        using var mcctl = new Mcctl().Answer(ClusterPaths.Actors, ClusterSample.Tree);
        Assert.Equal(0, await mcctl.RunAsync("actor", "hierarchy"));
    }

    [Fact]
    public async Task The_log_is_shown_line_by_line_and_its_text_obeyed_by_no_terminal()
    {
        using var mcctl = new Mcctl().Answer(ClusterPaths.LogOf("debug", 2), new LogView("warn", 2000, [ClusterSample.Line, ClusterSample.Failure]));
        Assert.Equal(0, await mcctl.RunAsync("log", "tail", "--level", "debug", "--lines", "2"));
        Assert.Equal(
            """
            2026-11-22 12:00:00.000Z warn  MultiCluster.Cluster[2302] Shard 3: its journal can't be read
            2026-11-22 12:00:00.007Z error MultiCluster.Actors[1001] failed\x1b[2J
                System.Exception: a
                   at b
                   at \u{202e}c

            """,
            mcctl.Output);
        Assert.Equal("The process logs nothing below warn (log.level in its configuration).\n", mcctl.Error);
    }

    [Fact]
    public async Task A_log_without_such_lines_is_a_remark()
    {
        using var mcctl = new Mcctl().Answer(ClusterPaths.LogOf("error", 100), new LogView("info", 2000, []));
        Assert.Equal(0, await mcctl.RunAsync("log", "tail", "--level", "error"));
        Assert.Empty(mcctl.Output);
        Assert.Equal("No lines of level error and above among the last 2000 that it keeps.\n", mcctl.Error);
    }

    [Fact]
    public async Task A_followed_log_is_printed_as_it_comes_with_what_was_dropped_until_it_ends()
    {
        using var mcctl = Following("event: idle\ndata:\n\n", Event("line", ClusterSample.Line), "event: gap\ndata: {\"dropped\":12}\n\n", Event("line", ClusterSample.Line), "event: later\ndata: x\n\n");
        Assert.Equal(1, await mcctl.RunAsync("log", "tail", "--follow"));
        Assert.Equal(
            """
            2026-11-22 12:00:00.000Z warn  MultiCluster.Cluster[2302] Shard 3: its journal can't be read
            2026-11-22 12:00:00.000Z warn  MultiCluster.Cluster[2302] Shard 3: its journal can't be read

            """,
            mcctl.Output);
        Assert.Equal(
            "(12 lines, of any level, were dropped: they came faster than they were read)\nerror: http://127.0.0.1:9070 sends no more; it has stopped, or is stopping\n",
            mcctl.Error);
    }

    [Fact]
    public async Task A_followed_log_in_json_is_a_document_a_line()
    {
        using var mcctl = Following(Event("line", ClusterSample.Line), Event("line", ClusterSample.Failure));
        await mcctl.RunAsync("log", "tail", "-f", "-o", "json");
        var lines = mcctl.Output.TrimEnd('\n').Split('\n');
        Assert.Equal([ClusterSample.Line, ClusterSample.Failure], lines.Select(static line => JsonSerializer.Deserialize(line, AdminJson.Default.LogLineView)!));
    }

    [Theory]
    [InlineData("text/html", "<html>", "no events")]
    [InlineData("text/event-stream", "event: line\ndata: {}\n\n", "an event of another kind")]
    public async Task What_is_no_log_is_an_error(string type, string body, string problem)
    {
        using var mcctl = new Mcctl().Text(ClusterPaths.LogOf(null, 100, follow: true), body, HttpStatusCode.OK, type);
        Assert.Equal(1, await mcctl.RunAsync("log", "tail", "-f"));
        Assert.StartsWith($"error: http://127.0.0.1:9070 answers with {problem}", mcctl.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Differences_are_shown_with_both_sides_and_exit_with_1()
    {
        using var mcctl = new Mcctl().Answer(ClusterPaths.Diff("local"), ClusterSample.Diff);
        Assert.Equal(1, await mcctl.RunAsync("proxy", "diff", "local"));
        Assert.Equal(
            """
                KIND     ITEM                                  SHOULD HOLD        HOLDS                        WHY
            +   Route    a.example/cart/                       slot-0||web/shop   -                            HAProxy refuses it
            -   Route    evil.example/                         -                  slot-1||x/y                  -
            ~   Server   web/cart:80@aws aws:pod:10.0.0.1:80   10.0.0.1:80        10.0.0.1:80 in maintenance   -

            """,
            mcctl.Output);
        Assert.Equal("Changes are on their way: what differs may be just that.\n3 items differ; proxy local is Waiting: 1 refused.\n", mcctl.Error);
    }

    [Fact]
    public async Task No_difference_is_said_and_exits_with_0()
    {
        using var mcctl = new Mcctl().Answer(ClusterPaths.Diff("local"), ClusterSample.Diff with { Pending = false, Differences = [] });
        Assert.Equal(0, await mcctl.RunAsync("proxy", "diff", "local"));
        Assert.Equal("Proxy local holds what it should, version 12.\n", mcctl.Output);
        Assert.Empty(mcctl.Error);
    }

    [Fact]
    public async Task Every_command_has_an_example_of_itself_in_its_help()
    {
        string[] commands =
        [
            "member list", "member show", "member cordon", "member drain", "member undrain", "member disable", "member approve", "member remove",
            "ingress list", "ingress show", "ingress conflicts", "backend list", "backend show", "routes", "proxy list", "proxy show", "proxy diff", "explain", "cluster show", "cluster status",
            "cluster leave", "cluster down", "sharding list-regions", "sharding list-shards", "sharding list-entities", "sharding stats", "sharding find",
            "actor hierarchy", "log tail", "annotations", "migrate check", "validate",
        ];
        foreach (var command in commands)
        {
            using var mcctl = new Mcctl();
            Assert.Equal(0, await mcctl.RunAsync([.. command.Split(' '), "--help"]));
            Assert.Contains($"Example:\n  mcctl {command}", mcctl.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        }
    }

    private static Mcctl Following(params string[] events) =>
        new Mcctl().Text(ClusterPaths.LogOf(null, 100, follow: true), string.Concat(events), HttpStatusCode.OK, "text/event-stream");

    /// <summary>Data of several lines, as the format allows.</summary>
    private static string Event(string type, LogLineView line) =>
        $"event: {type}\n{string.Concat(JsonSerializer.Serialize(line, AdminJson.Default.LogLineView).Split('\n').Select(static part => $"data: {part}\n"))}\n";
}
