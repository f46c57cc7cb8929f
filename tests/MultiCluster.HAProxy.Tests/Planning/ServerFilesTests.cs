using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Tests.Planning;

/// <summary>Files that servers are verified by and shown: there before them, and gone after them.</summary>
public sealed class ServerFilesTests
{
    private static readonly RouteKey Key = Make.Prefix("shop.example", "/cart");

    private static readonly ServerTls Tls = new() { Authorities = Make.Pem, Identity = new ServerIdentity(new string('a', 64), Make.Pem) };

    [Theory]
    [InlineData("2.6")]
    [InlineData("3.4")]
    public void Files_come_before_servers_that_name_them_and_go_after_them(string version)
    {
        var proxy = new Bench(Make.Features(version));
        var commands = proxy.Apply(Delta(Tls));
        var added = commands.FindIndex(static line => line.StartsWith("add server", StringComparison.Ordinal));
        Assert.InRange(commands.FindIndex(static line => line.StartsWith("commit ssl ca-file", StringComparison.Ordinal)), 0, added);
        Assert.InRange(commands.FindIndex(static line => line.StartsWith("commit ssl cert", StringComparison.Ordinal)), 0, added);
        Assert.Contains(" ssl verify required ca-file ", commands[added], StringComparison.Ordinal);
        Assert.Contains(" crt ", commands[added], StringComparison.Ordinal);
        Assert.DoesNotContain(commands, static line => line.Contains("crt-list", StringComparison.Ordinal));
        Assert.Empty(proxy.Verify());

        commands = proxy.Apply(Delta(null));
        var deleted = commands.FindIndex(static line => line.StartsWith("del server", StringComparison.Ordinal));
        Assert.True(deleted >= 0 && commands.FindIndex(static line => line.StartsWith("del ssl ca-file", StringComparison.Ordinal)) > deleted);
        Assert.True(commands.FindIndex(static line => line.StartsWith("del ssl cert", StringComparison.Ordinal)) > deleted);
        Assert.Empty(proxy.Verify());
    }

    [Fact]
    public void Who_can_not_be_verified_as_is_wanted_gets_no_request()
    {
        var proxy = new Bench(Make.Slots);
        foreach (var tls in (ServerTls[])[new ServerTls { IsClosed = true }, new ServerTls { Authorities = "x" }])
            Assert.DoesNotContain(proxy.Apply(Delta(tls)), static line => line.StartsWith("add server", StringComparison.Ordinal));
    }

    [Fact]
    public void A_start_file_has_the_files_and_none_of_the_servers_whose_files_are_refused()
    {
        var desired = Make.Desired(Make.Slots);
        desired.Apply(Delta(Tls));
        var renderer = new StartFileRenderer(new ProgramOptions { Binds = [new BindOptions("*:80", false)] }, Make.Paths, Make.Slots, Make.Pem);
        var whole = renderer.Render(desired);
        Assert.Contains(whole.Parts, static part => part.Path.StartsWith("certs/ca-", StringComparison.Ordinal));
        Assert.Contains(whole.Parts, static part => part.Path.StartsWith("certs/own-", StringComparison.Ordinal) && part.Sealed);
        var config = Config(renderer.Render(desired, leaveOut: new HashSet<string> { desired.Identities.Single().FileName }));
        Assert.DoesNotContain("certs/own-", config, StringComparison.Ordinal);
        Assert.Contains("certs/own-", Config(whole), StringComparison.Ordinal);
    }

    private static string Config(StartFile file) => string.Concat(file.Parts.Single(static part => part.Path == ProgramPaths.Config).Chunks.Select(static chunk => chunk.ToString()));

    private static RoutingDelta Delta(ServerTls? tls) => Make.Delta(
        [Make.Route(Key, "cart") with { Policy = tls is null ? null : new RoutePolicy { Backend = new BackendPolicy { Protocol = BackendProtocol.Https, Tls = tls } } }],
        Make.Fragment("cart", "10.0.0.1"));
}
