using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Security;

namespace MultiCluster.HAProxy.Tests.Data;

/// <summary>Whatever stands in a routing delta: nothing throws, and no command or file holds what it should not.</summary>
public sealed class HostileTests
{
    private static readonly string[] Texts =
    [
        "%[env(HOME)]", "\"", "'", "a b", "a\nshow info", "a\r\nb", "a;show info", "<<", "<<EOT", "käse", "a\\", "#a", "!a", "@1", "{ }",
        "a|b", "+", "+|", "+|b", "+||", "+a|b|c", "*", "**", "/", "//", "..", "\u0001", "\0", "\u0085", "\u2028", "\ud800", "a\ud83d\ude00", "%0a", "~", "$(x)", "", new('a', 10_000), new('/', 10_000),
    ];

    [Theory]
    [InlineData("2.6")]
    [InlineData("3.4")]
    public void No_text_gets_out_of_its_alphabet(string version)
    {
        foreach (var text in Texts)
        {
            foreach (var delta in Deltas(text))
                AssertHarmless(Make.Features(version), delta, text);
        }
    }

    [Fact]
    public void Any_text_at_all() => FsCheckText(static text =>
    {
        foreach (var delta in Deltas(text))
            AssertHarmless(Make.Dynamic, delta, text);
    });

    [Theory]
    [InlineData("2.6")]
    [InlineData("3.4")]
    public void Whatever_HAProxy_holds_a_plan_can_be_made(string version)
    {
        foreach (var text in Texts)
            AssertTotal(Make.Features(version), text);
        FsCheckText(text => AssertTotal(Make.Features(version), text));
    }

    /// <summary>Hands, or another program, may have put anything into HAProxy: what can't be named stays, the rest is served.</summary>
    private static void AssertTotal(ProxyFeatures features, string text)
    {
        var reconciler = new Reconciler(Make.Desired(features), new Planner(new Commands(Make.Paths), features));
        reconciler.Apply(Make.Delta([Make.Route(Make.Prefix("a.example", ""), "cart")], Make.Fragment("cart", "10.0.0.1")));
        reconciler.Apply(Make.Certificates(("a.example", Make.Certificate("c1"))));
        for (var rounds = 0; rounds < 3; rounds++)
        {
            reconciler.Forgive();
            reconciler.Adopt(Strange(text));
            var commands = reconciler.Next().Commands;
            Assert.All(commands, planned => Assert.True(IsLine(planned.Command.Line.Replace("#0x7f01", "", StringComparison.Ordinal)), $"{text} gave the command {planned.Command.Line}"));
            Assert.Contains(commands, static planned => planned.Effect is Effect.CertificateListed);
            Assert.Contains(commands, static planned => planned.Effect is Effect.ServerSet { State.InMaintenance: false });
            Assert.Contains(commands, static planned => planned.Effect is Effect.MapSet { Entry.Key: "a.example/" });
        }
    }

    private static ActualData Strange(string text)
    {
        var actual = new ActualData { CertificateTransaction = text };
        for (var i = 0; i < 16; i++)
            actual.AddBackend(ProgramRenderer.SlotName(i));
        foreach (var map in RouteMaps.All)
        {
            actual.TakeMapEntry(map, 0x7f01, text, text);
            actual.Map(map)[text] = $"slot-0|{text}";
            actual.Map(map)["slot-0"] = text;
            actual.Map(map)["b.example/"] = $"slot-0|{text}";
        }

        actual.SetServer("slot-0", text, new ActualServer(text, 80, InMaintenance: false));
        actual.SetServer(text, text, new ActualServer(text, -1, InMaintenance: true));
        actual.ListedCertificates.Add(text);
        actual.LoadedCertificates.Add(text);
        return actual;
    }

    private static void FsCheckText(Action<string> holds) => Check.Strings(300, holds);

    private static void AssertHarmless(ProxyFeatures features, RoutingDelta delta, string text)
    {
        var desired = Make.Desired(features);
        var reconciler = new Reconciler(desired, new Planner(new Commands(Make.Paths), features));
        reconciler.Apply(delta);
        var actual = new ActualData();
        for (var i = 0; i < 16; i++)
            actual.AddBackend(ProgramRenderer.SlotName(i));
        reconciler.Adopt(actual);
        foreach (var planned in reconciler.Next().Commands)
            AssertCommand(planned.Command, text);
        var options = new ProgramOptions { Binds = [new BindOptions("*:80", false)] };
        foreach (var part in new StartFileRenderer(options, Make.Paths, features, Make.Pem).Render(desired).Parts)
            AssertPart(part, text);
    }

    private static void AssertCommand(RuntimeCommand command, string text)
    {
        Assert.True(IsLine(command.Line), $"{text} gave the command {command.Line}");
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(command.Line) + (command.Payload?.Length ?? 0), 1, 32_000);
        if (command.Payload is { } payload)
            Assert.True(payload.Split('\n').All(static line => line.Length > 0 && IsLine(line)), $"{text} gave the payload {payload}");
    }

    private static void AssertPart(StartFilePart part, string text)
    {
        if (!part.Path.EndsWith(".map", StringComparison.Ordinal))
            return;
        foreach (var line in string.Concat(part.Chunks.Select(static chunk => chunk.ToString())).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Assert.True(IsLine(line) && line.Split(' ').Length == 2, $"{text} gave the line {line} in {part.Path}");
    }

    /// <summary>One space at a time, no word that opens a payload, a quote, an escape or a second command.</summary>
    private static bool IsLine(string line) => line.Contains("/maps/patterns-", StringComparison.Ordinal) ? IsPatternLine(line) :
        !line.Contains("  ", StringComparison.Ordinal)
        && line.IndexOfAny(['\n', '\r', '\0', '\t', '"', '\'', '\\', ';', '<', '>', '%', '{', '}', '#', '|'], 0, line.Contains('|', StringComparison.Ordinal) ? line.IndexOf('|', StringComparison.Ordinal) : line.Length) < 0
        && !line.Any(static c => (char.IsControl(c) && c != RouteMaps.EndMark) || c == '\ufffd' || (char.IsWhiteSpace(c) && c != ' '));

    /// <summary>Expressions need more characters, of which none but the backslash says anything to HAProxy's command line; that stands for itself.</summary>
    private static bool IsPatternLine(string line) =>
        line.Split(' ') is ["add" or "set" or "del", "map", _, _] or ["add" or "set", "map", _, _, _]
        && line.IndexOfAny(['\n', '\r', '\0', '\t', '"', '\'', ';', '<', '>', '#']) < 0
        && !line.Replace(@"\\", "", StringComparison.Ordinal).Contains('\\', StringComparison.Ordinal)
        && line.All(static c => c is >= ' ' and <= '~');

    private static IEnumerable<RoutingDelta> Deltas(string text)
    {
        var good = Make.Fragment("a", "10.0.0.1");
        foreach (var match in Enum.GetValues<PathMatch>())
        {
            yield return Make.Delta([Make.Route(new RouteKey(text, "/x", match), "a")], good);
            yield return Make.Delta([Make.Route(new RouteKey("a.example", text, match), "a")], good);
            yield return Make.Delta([Make.Route(new RouteKey("a.example", "/" + text, match), "a")], good);
        }

        var key = Make.Prefix("a.example", "");
        yield return Make.Delta([new Route(key, Make.Backend("a"), new ObjectKey(text, "x"))], good);
        yield return Make.Delta([new Route(key, Make.Backend("a"), new ObjectKey("x", text))], good);
        foreach (var (ns, service, port, member) in new[] { (text, "a", "http", "aws"), ("web", text, "http", "aws"), ("web", "a", text, "aws"), ("web", "a", "http", text) })
            yield return Backend(key, ns, service, port, member, Make.Endpoint("10.0.0.1"));
        yield return Backend(key, "web", "a", "http", "aws", Make.Endpoint(text));
        yield return Backend(key, "web", "a", "http", "aws", Make.Endpoint("10.0.0.1", pod: text));
        yield return Backend(key, "web", "a", "http", "aws", Make.Endpoint("10.0.0.1", port: text.Length * 1000));
        yield return Make.Certificates((text, Make.Certificate("c1")));
        yield return Make.Certificates(("a.example", Make.Certificate("c1", text)));
        yield return Make.Certificates(("a.example", Make.Certificate("c1", Make.Pem + text)));
        yield return Make.Certificates(("a.example", new Certificate(text, Secret.FromText(Make.Pem), default, default, [text])));
    }

    private static RoutingDelta Backend(RouteKey key, string ns, string service, string port, string member, BackendEndpoint endpoint)
    {
        var backend = new BackendKey(new BackendRef(new ObjectKey(ns, service), PortRef.Named(port)), Make.Members(member));
        var fragment = new Fragment.Backend(
            backend.Ref.Service,
            [new MemberBackend(new MemberName(member), new[] { new BackendPort(port, 80, "", [endpoint]) }.ToEquatableArray())]);
        return Make.Delta([new Route(key, backend, new ObjectKey("web", "shop"))], fragment);
    }
}
