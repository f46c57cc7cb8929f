using System.Runtime.CompilerServices;
using System.Text;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.HAProxy.Tests.Program;

/// <summary>
/// The start file as text, for review: any change of the program shows here. MULTICLUSTER_WRITE_GOLDEN=1 writes the files
/// anew.
/// </summary>
public sealed class GoldenTests
{
    [Theory]
    [InlineData("2.6")]
    [InlineData("3.4")]
    public void The_start_file_is_as_reviewed(string version)
    {
        var features = Make.Features(version);
        var desired = new DesiredData(new BackendPool(features, static profile => profile == default ? 4 : 1, []));
        desired.Apply(Make.Delta(
            [
                Make.Route(Make.Prefix("shop.example", "/cart"), "cart"),
                Make.Route(new RouteKey("shop.example", "/cart", PathMatch.Exact), "cart-page"),
                Make.Route(Make.Prefix("*.shop.example", ""), "cart"),
                Make.Route(new RouteKey("", "", PathMatch.Default), "lost"),
                Make.Route(Make.Prefix("shop.example", "/pay"), "pay", "aws", "gcp") with { Traffic = Make.Policy(("aws", 70), ("gcp", 30)) },
                Make.Route(Make.Prefix("shop.example", "/me"), "me") with
                {
                    Traffic = new TrafficPolicy { Balance = LoadBalancing.LeastConnections, SessionAffinity = true, MaxConnectionsPerEndpoint = 200 },
                },
            ],
            Make.Spread("pay", ("aws", "10.0.1.1"), ("gcp", "10.1.1.1")),
            Make.Fragment("me", "10.0.2.1"),
            Make.Fragment("cart", "10.0.0.1", "fd00::1"),
            Make.Fragment("cart-page", "10.0.0.2")));
        desired.Apply(Make.Certificates(("shop.example", Make.Certificate("c0ffee")), ("*.shop.example", Make.Certificate("c0ffee"))));
        var options = new ProgramOptions
        {
            Binds = [new BindOptions("*:80", false), new BindOptions("[::]:443", true)],
            Threads = 2,
            PoolSize = 4,
            PolicyPoolSize = 1,
            User = "haproxy",
            Group = "haproxy",
            AccessLog = "127.0.0.1:514 len 8192 format raw local0",
            Authorities = new EndpointAuthorities(Make.Pem, IsConfigured: true),
        };
        AssertGolden($"start-file-{version}.txt", Text(new StartFileRenderer(options, Make.Paths, features, Make.Pem).Render(desired)));
    }

    /// <summary>HAProxy takes declarations of one name as alternatives, wherever in a section they stand.</summary>
    [Fact]
    public void No_name_of_a_condition_is_of_two_matters()
    {
        var lines = Text(new StartFileRenderer(Options, Make.Paths, Make.Slots, Make.Pem).Render(Make.Desired(Make.Slots))).Split('\n').Select(static line => line.Trim());
        var (declared, last, count) = (new HashSet<string>(StringComparer.Ordinal), "", 0);
        foreach (var line in lines)
        {
            if (line.StartsWith("frontend ", StringComparison.Ordinal) || line.StartsWith("backend ", StringComparison.Ordinal) || line.StartsWith("defaults ", StringComparison.Ordinal))
                declared.Clear();
            var name = line.StartsWith("acl ", StringComparison.Ordinal) ? line.Split(' ')[1] : "";
            Assert.True(name.Length == 0 || name == last || declared.Add(name), $"{name} is declared twice");
            count += name.Length > 0 ? 1 : 0;
            last = name;
        }

        Assert.True(count > 20);
    }

    [Fact]
    public void The_program_depends_on_options_and_not_on_data()
    {
        var desired = Make.Desired(Make.Slots);
        var renderer = new StartFileRenderer(Options, Make.Paths, Make.Slots, Make.Pem);
        var before = renderer.Identity();
        desired.Apply(Make.Delta([Make.Route(Make.Prefix("a.example", ""), "a")], Make.Fragment("a", "10.0.0.1")));
        Assert.Equal(before, renderer.Identity());
        var other = new StartFileRenderer(Options with { MaxConnections = 7 }, Make.Paths, Make.Slots, Make.Pem);
        Assert.NotEqual(before, other.Identity());
    }

    /// <summary>The agents' file is that of the program that runs, whatever options have become by then.</summary>
    [Fact]
    public void A_firewall_is_a_part_of_the_program()
    {
        var desired = Make.Desired(Make.Slots);
        var firewall = new FirewallOptions { Endpoints = ["10.0.0.5:12345"] };
        var with = new StartFileRenderer(Options with { Firewall = firewall }, Make.Paths, Make.Slots, Make.Pem);
        var without = new StartFileRenderer(Options, Make.Paths, Make.Slots, Make.Pem);
        Assert.NotEqual(without.Identity(), with.Identity());
        Assert.NotEqual(new StartFileRenderer(Options with { Firewall = firewall with { Arguments = "path" } }, Make.Paths, Make.Slots, Make.Pem).Identity(), with.Identity());
        Assert.DoesNotContain(without.Render(desired).Parts, static part => part.Path == ProgramPaths.Firewall);
        Assert.DoesNotContain("spoe", Text(without.Render(desired)), StringComparison.Ordinal);
        var running = ProgramRenderer.Render(Options with { Firewall = firewall }, Make.Paths, Make.Slots);
        var file = without.Render(desired, running).Parts.Single(static part => part.Path == ProgramPaths.Firewall);
        Assert.StartsWith("[firewall]\nspoe-agent firewall\n", string.Concat(file.Chunks), StringComparison.Ordinal);
    }

    [Fact]
    public void Answers_are_held_back_where_the_operator_wants_it_and_else_it_is_told()
    {
        var delta = Make.Delta([Make.Route(Make.Prefix("a.example", ""), "a") with { Policy = new RoutePolicy { BytesPerSecond = 1024 } }], Make.Fragment("a", "10.0.0.1"));
        foreach (var limits in new[] { false, true })
        {
            var desired = new DesiredData(new BackendPool(Make.Slots, static _ => 4, []), SteeringOptions.Default with { LimitsBandwidth = limits });
            desired.Apply(delta);
            Assert.Equal(!limits, desired.Refused.Values.Any(static reason => reason.Contains("haproxy.bandwidth-limits", StringComparison.Ordinal)));
            var text = Text(new StartFileRenderer(Options with { LimitsBandwidth = limits }, Make.Paths, Make.Slots, Make.Pem).Render(desired));
            Assert.Equal(limits, text.Contains("bwlim", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_number_of_slots_is_data_too()
    {
        var small = new StartFileRenderer(Options with { PoolSize = 4 }, Make.Paths, Make.Slots, Make.Pem);
        var large = new StartFileRenderer(Options with { PoolSize = 8 }, Make.Paths, Make.Slots, Make.Pem);
        Assert.Equal(small.Identity(), large.Identity());
        Assert.Contains("backend slot-7 ", Text(large.Render(Make.Desired(Make.Slots, slots: 4))), StringComparison.Ordinal);
    }

    [Fact]
    public void Programs_share_a_layout_when_the_same_commands_serve_them()
    {
        var ours = ProgramRenderer.Identity(Options, Make.Paths, Make.Slots);
        var moreBinds = ProgramRenderer.Identity(Options with { Binds = [new BindOptions("*:80", false), new BindOptions("*:443", true)] }, Make.Paths, Make.Slots);
        Assert.Equal((ours.Layout, true), (moreBinds.Layout, moreBinds.HasTls));
        Assert.NotEqual(ours.Hash, moreBinds.Hash);
        Assert.NotEqual(ours.Layout, ProgramRenderer.Identity(Options, Make.Paths, Make.Dynamic).Layout);
        Assert.NotEqual(ours.Layout, ProgramRenderer.Identity(Options, Make.Paths with { Root = "/elsewhere" }, Make.Slots).Layout);
    }

    [Theory]
    [InlineData("")]
    [InlineData("node 7")]
    [InlineData("multicluster program 0123456789abcdef")]
    [InlineData("multicluster program a layout b tls more")]
    public void What_another_one_says_of_itself_is_no_identity(string description) => Assert.Null(ProgramIdentity.Parse(description));

    [Fact]
    public void An_identity_is_read_back()
    {
        var identity = ProgramRenderer.Identity(Options, Make.Paths, Make.Slots);
        Assert.Equal(identity, ProgramIdentity.Parse(identity.ToString()));
    }

    [Fact]
    public void Newer_data_can_be_put_behind_the_program_that_runs()
    {
        var old = new StartFileRenderer(Options with { MaxConnections = 7 }, Make.Paths, Make.Slots, Make.Pem);
        var now = new StartFileRenderer(Options, Make.Paths, Make.Slots, Make.Pem);
        var desired = Make.Desired(Make.Slots);
        var written = Config(old.Render(desired));
        desired.Apply(Make.Delta([Make.Route(Make.Prefix("a.example", ""), "a")], Make.Fragment("a", "10.0.0.1")));

        var program = ProgramRenderer.ProgramOf(new StringReader(written), old.Identity());
        Assert.Equal(Config(old.Render(desired)), Config(now.Render(desired, program)));
        Assert.Null(ProgramRenderer.ProgramOf(new StringReader(written), now.Identity()));
        Assert.Null(ProgramRenderer.ProgramOf(new StringReader("global\n"), old.Identity()));
    }

    [Fact]
    public void A_certificate_that_HAProxy_refuses_is_left_out()
    {
        var desired = Make.Desired(Make.Slots);
        desired.Apply(Make.Certificates(("a.example", Make.Certificate("c1")), ("b.example", Make.Certificate("c2"))));
        var refused = desired.Certificates.Keys.Single(static file => file.StartsWith("certs/c1", StringComparison.Ordinal));
        var text = Text(new StartFileRenderer(Options, Make.Paths, Make.Slots, Make.Pem).Render(desired, leaveOut: new HashSet<string> { refused }));
        Assert.DoesNotContain("certs/c1", text, StringComparison.Ordinal);
        Assert.Contains("certs/c2", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_description_tells_the_hash_that_the_agent_compares()
    {
        var renderer = new StartFileRenderer(Options, Make.Paths, Make.Slots, Make.Pem);
        var desired = Make.Desired(Make.Slots);
        Assert.Contains($"description \"{renderer.Identity()}\"", Text(renderer.Render(desired)), StringComparison.Ordinal);
    }

    [Fact]
    public void Program_lines_stay_within_HAProxys_limit_of_2048_characters()
    {
        var text = ProgramRenderer.Render(Options with { AccessLog = "stdout len 8192 format raw local0" }, Make.Paths, Make.Slots);
        Assert.All(text.Split('\n'), static line => Assert.InRange(line.Length, 0, 2047));
    }

    [Theory]
    [InlineData("stdout format raw local0", "log stdout len 8192 format raw local0\n")]
    [InlineData("127.0.0.1:514 local0", "log 127.0.0.1:514 len 8192 local0\n")]
    [InlineData("127.0.0.1:514 len 2048 local0", "log 127.0.0.1:514 len 2048 local0\n")]
    [InlineData("ring@log", "log ring@log len 8192\n")]
    public void A_log_line_is_long_enough_for_a_whole_entry(string option, string line)
    {
        var text = ProgramRenderer.Render(Options with { AccessLog = option }, Make.Paths, Make.Slots);
        Assert.Contains(line, text, StringComparison.Ordinal);
    }

    private static ProgramOptions Options => new() { Binds = [new BindOptions("*:80", false)] };

    private static string Config(StartFile file) => string.Concat(file.Parts.Single(static part => part.Path == ProgramPaths.Config).Chunks);

    private static string Text(StartFile file)
    {
        var text = new StringBuilder();
        foreach (var part in file.Parts)
        {
            text.Append("=== ").Append(part.Path).Append('\n');
            foreach (var chunk in part.Chunks)
                text.Append(chunk);
            text.Append('\n');
        }

        // The end mark would make the file binary to diff tools.
        return text.ToString().Replace(RouteMaps.EndMark.ToString(), "<01>", StringComparison.Ordinal);
    }

    private static void AssertGolden(string name, string text, [CallerFilePath] string source = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(source)!, "..", "Golden", name);
        if (Environment.GetEnvironmentVariable("MULTICLUSTER_WRITE_GOLDEN") == "1")
            File.WriteAllText(file, text);
        Assert.True(File.Exists(file), $"{name} is missing: run once with MULTICLUSTER_WRITE_GOLDEN=1");
        Assert.Equal(File.ReadAllText(file), text);
    }
}
