using MultiCluster.Cli.Output;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Tests;

public sealed class HostileTextTests
{
    [Theory]
    [InlineData("plain /path?x=1 äöü 日本 😀", "plain /path?x=1 äöü 日本 😀")]
    [InlineData("a\e[2Jb", @"a\x1b[2Jb")]
    [InlineData("a\r\nb\tc\0", @"a\r\nb\tc\x00")]
    [InlineData("\u009b31m\u007f", @"\x9b31m\x7f")]
    [InlineData("ab\u202Ecd\u2028\u200b", @"ab\u{202e}cd\u{2028}\u{200b}")]
    [InlineData("\uE000", @"\u{e000}")]
    public void Control_and_format_characters_are_shown_not_obeyed(string text, string shown) => Assert.Equal(shown, SafeText.Of(text));

    [Fact]
    public async Task No_text_of_an_answer_reaches_the_terminal_with_control_characters()
    {
        const string evil = "x\e]0;owned\a\nNAME\u202E";
        var route = new RouteView(evil, evil, evil, evil, evil, [evil], 1, true);
        var condition = new ConditionView(evil, evil, true, evil, evil);
        var server = new ServerView(evil, evil, evil, evil, evil);
        var proxy = Sample.Proxy with { Name = evil, State = evil, StateReason = evil, Version = evil, Listens = [evil], ReloadsByReason = new Dictionary<string, long> { [evil] = 1 }, FailedReloadsByReason = new Dictionary<string, long> { [evil] = 1 } };
        var member = MemberSample.Of(evil, new MemberView(evil, evil, true, true, 1, 1, 1, null, [evil])) with
        {
            State = evil,
            Ordered = evil,
            Held = [evil],
            Labels = new Dictionary<string, string> { [evil] = evil },
            Sessions = new Dictionary<string, long> { [evil] = long.MaxValue, ["b"] = long.MaxValue },
            Region = evil,
            Zone = evil,
            EndpointMode = evil,
            BehindSeconds = 1e300,
            Conditions = [condition],
        };
        var backend = new BackendView(evil, evil, evil, evil, evil, evil, evil, [new BackendShareView(evil, evil, evil, 0, 1, 1e300, 1, 1, long.MaxValue, evil), new BackendShareView(evil, evil, evil, 0, 1, 1e300, 1, 1, long.MaxValue, evil)]);
        using var mcctl = new Mcctl()
            .Answer<IReadOnlyList<MemberDetailView>>(AdminPaths.Members, [member])
            .Answer(AdminPaths.Member("m"), member)
            .Answer(AdminPaths.MemberOrder("m", "undrain"), new MemberOrderView(evil, evil, false, [evil]))
            .Answer(AdminPaths.MemberOrder("m", "approve"), new MemberOrderView(evil, evil, false, [evil]))
            .Answer<IReadOnlyList<BackendView>>(AdminPaths.BackendsOf("a/b"), [backend])
            .Answer<IReadOnlyList<BackendView>>(AdminPaths.Backends, [backend])
            .Answer<IReadOnlyList<IngressView>>(AdminPaths.Ingresses, [new(evil, evil, [], [], [], [], [condition, condition with { Type = "Conflict", Details = [evil, evil] }])])
            .Answer<IReadOnlyList<RouteView>>(AdminPaths.Routes, [route])
            .Answer<IReadOnlyList<ProxyView>>(AdminPaths.Proxies, [proxy])
            .Answer(AdminPaths.Proxy("p"), new ProxyDetailView(proxy, [new RefusedView(evil, evil)], [server]))
            .Answer(AdminPaths.Ingress("a", "b"), new IngressView(evil, evil, [evil], [evil], [evil], [route], [condition]))
            .Answer(AdminPaths.ExplainOf("http://a/"), new ExplainView(evil, evil, evil, route, [evil], [evil], evil, [server])
            {
                Takers = [new TakerView(route, 1e300, evil, 1, evil, evil, [evil], [evil]), new TakerView(null, -1, evil, null, null, null, [], [])],
            })
            .Text(AdminPaths.Proxy("gone"), $$"""{"title":"t","status":404,"detail":"a\u001b[2J"}""", System.Net.HttpStatusCode.NotFound);
        string[] commands = ["member list", "member show m", "member undrain m", "backend show a/b", "backend list", "ingress conflicts", "ingress conflicts -o json", "routes", "proxy list", "proxy show p", "ingress show a/b", "explain http://a/", "routes -o json"];
        foreach (var command in commands)
            Assert.Equal(0, await mcctl.RunAsync(command.Split(' ')));
        Assert.Empty(mcctl.Error);
        Assert.Equal(0, await mcctl.RunAsync("member", "approve", "m", "--yes"));
        Assert.DoesNotContain(mcctl.Error, static c => c != '\n' && (char.IsControl(c) || c == '\u202E'));
        Assert.Equal(1, await mcctl.RunAsync("proxy", "show", "gone"));
        Assert.EndsWith("error: a\\x1b[2J\n", mcctl.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(mcctl.Output, c => c != '\n' && (char.IsControl(c) || c == '\u202E'));
        Assert.DoesNotContain(mcctl.Output.Split('\n'), line => line.StartsWith("NAME\u202E", StringComparison.Ordinal));
    }
}
