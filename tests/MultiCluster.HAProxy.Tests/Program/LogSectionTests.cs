using System.Text.RegularExpressions;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.Model.Collections;

namespace MultiCluster.HAProxy.Tests.Program;

public sealed partial class LogSectionTests
{
    private static readonly ProgramOptions Silent = new() { Binds = [new BindOptions("*:80", false)], TcpPorts = [new TcpPort(5432)] };

    private static readonly ProgramOptions Received = Silent with
    {
        LogReceiver = new LogReceiverOptions { Output = new LogOutput.Stdout(), RequestHeaders = Names("a"), ResponseHeaders = Names("b") },
    };

    [Fact]
    public void Our_own_process_gets_what_is_logged_through_a_ring()
    {
        var text = Render(Received with { AccessLog = "127.0.0.1:514 local0" });
        Assert.Contains($"    server agent unix@{Make.Paths.LogSocket} log-proto legacy\n", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split('\n').Count(static line => line == "    log ring@access-log len 32000 format raw local0"));
        Assert.DoesNotContain("127.0.0.1:514", text, StringComparison.Ordinal);
        Assert.DoesNotContain("log global", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_it_there_is_nothing_of_it()
    {
        var text = Render(Silent);
        Assert.DoesNotContain("\nring ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("log-format", text, StringComparison.Ordinal);
        Assert.DoesNotContain("txn.log_", text, StringComparison.Ordinal);
    }

    /// <summary>Others' routes, and proxies whose log HAProxy itself writes, pay nothing for what one route captures.</summary>
    [Fact]
    public void Captures_are_behind_where_requests_without_a_policy_leave()
    {
        var text = Render(Received);
        var leaves = text.IndexOf("# The rules of an Ingress itself", StringComparison.Ordinal);
        Assert.InRange(leaves, 0, text.IndexOf("set-var(txn.captures)", StringComparison.Ordinal));
        foreach (var options in new[] { Silent, Silent with { AccessLog = "127.0.0.1:514 local0" } })
            Assert.DoesNotContain("txn.capture", Render(options), StringComparison.Ordinal);
    }

    /// <summary>Words are divided by blanks, their parts by commas: what clients choose may hold neither.</summary>
    [Fact]
    public void What_clients_choose_is_bounded_and_in_base64()
    {
        var samples = Samples().Matches(string.Join('\n', Render(Received).Split('\n').Where(static line => line.Contains("log-format", StringComparison.Ordinal) || line.Contains("txn.log_", StringComparison.Ordinal))));
        var chosen = samples.Select(static match => match.Groups[1].Value).Where(static sample => Chosen().IsMatch(sample)).ToList();
        Assert.True(chosen.Count > (2 * LogReceiverOptions.MaxHeaders) + 6);
        Assert.All(chosen, static sample => Assert.True(sample.Contains(",bytes(0,", StringComparison.Ordinal) && sample.EndsWith(",base64", StringComparison.Ordinal), sample));
    }

    /// <summary>So many as a line has room for; few are left where the operator names as many others as there may be.</summary>
    [Fact]
    public void What_a_route_captures_has_the_room_that_is_left()
    {
        Assert.Contains("req.hdrs,bytes(0,12288) ", Render(Received with { LogReceiver = Received.LogReceiver! with { RequestHeaders = [], ResponseHeaders = [] } }), StringComparison.Ordinal);
        var room = Captured().Match(Render(Received)).Groups[1].Value;
        Assert.InRange(int.Parse(room, System.Globalization.CultureInfo.InvariantCulture), 4000, 4095);
    }

    [Fact]
    public void As_many_headers_as_there_may_be_fit_into_HAProxys_lines() =>
        Assert.All(Render(Received).Split('\n'), static line => Assert.InRange(line.Length, 0, 2047));

    [Fact]
    public void Other_headers_are_another_program_and_another_output_is_not()
    {
        var identity = Identity(Received);
        Assert.Equal(identity, Identity(Received with { LogReceiver = Received.LogReceiver! with { Output = new LogOutput.File("/var/log/a.json"), Redact = ["cookie"] } }));
        Assert.NotEqual(identity, Identity(Received with { LogReceiver = Received.LogReceiver! with { RequestHeaders = ["accept"] } }));
    }

    [Theory]
    [InlineData("accept", true)]
    [InlineData("x-a_b.c", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a),lower", false)]
    [InlineData("a\"", false)]
    [InlineData("a,b", false)]
    [InlineData("a=b", false)]
    [InlineData("a\n", false)]
    [InlineData("%[src]", false)]
    [InlineData("häder", false)]
    [InlineData("a1234567890123456789012345678901234567890123456789012345678901234", false)]
    public void A_name_is_no_text_of_a_configuration(string name, bool isName) => Assert.Equal(isName, LogReceiverOptions.IsName(name));

    public static TheoryData<string, LogOutput?> Outputs => new()
    {
        { "stdout", new LogOutput.Stdout() },
        { "file:/var/log/access.json", new LogOutput.File("/var/log/access.json") },
        { "syslog:/dev/log", new LogOutput.SyslogSocket("/dev/log") },
        { "syslog:udp://log.example:514", new LogOutput.SyslogUdp("log.example", 514) },
        { "syslog:udp://[2001:db8::1]:514", new LogOutput.SyslogUdp("2001:db8::1", 514) },
        { "", null },
        { "stdout:", null },
        { "stderr", null },
        { "file:access.json", null },
        { "file:/", null },
        { "file:/var/log/", null },
        { "file:/a\nb", null },
        { "syslog:udp://log.example", null },
        { "syslog:udp://log.example:0", null },
        { "syslog:udp://log.example:65536", null },
        { "syslog:udp://2001:db8::1:514", null },
        { "syslog:udp://a b:514", null },
        { "syslog:tcp://log.example:514", null },
    };

    [Theory]
    [MemberData(nameof(Outputs))]
    public void An_output_is_read_or_refused(string text, LogOutput? expected) => Assert.Equal(expected, LogOutput.Parse(text));

    private static EquatableArray<string> Names(string first) =>
        Enumerable.Range(10, LogReceiverOptions.MaxHeaders).Select(number => $"{first}{number}".PadRight(64, 'x')).ToEquatableArray();

    private static string Render(ProgramOptions options) => ProgramRenderer.Render(options, Make.Paths, Make.Slots);

    private static ProgramIdentity Identity(ProgramOptions options) => ProgramRenderer.Identity(options, Make.Paths, Make.Slots);

    [GeneratedRegex(@"%\[([^\]]+)\]")]
    private static partial Regex Samples();

    [GeneratedRegex(@"req\.hdrs,bytes\(0,([0-9]+)\)")]
    private static partial Regex Captured();

    [GeneratedRegex("^(req\\.fhdr|res\\.fhdr|path|query|method|ssl_fc_sni)")]
    private static partial Regex Chosen();
}
