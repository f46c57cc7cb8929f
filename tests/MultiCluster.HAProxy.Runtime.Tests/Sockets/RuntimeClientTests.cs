using System.Globalization;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Runtime.Processes;
using MultiCluster.HAProxy.Runtime.Replies;
using MultiCluster.HAProxy.Runtime.Sockets;
using MultiCluster.HAProxy.Runtime.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;
using static MultiCluster.HAProxy.Runtime.Tests.Support.TestCommands;
using HAProxyBinary = MultiCluster.TestKit.HAProxyVersions.HAProxyBinary;

namespace MultiCluster.HAProxy.Runtime.Tests.Sockets;

/// <summary>Against every HAProxy of this machine.</summary>
public sealed class RuntimeClientTests
{
    [Theory, MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task Every_reply_belongs_to_its_command(HAProxyBinary binary)
    {
        await using var haproxy = await TestHAProxy.StartAsync(binary);
        await using var client = await haproxy.ConnectAsync();
        var map = haproxy.Config.Map;
        var replies = await client.ExecuteAsync(
            [
                Line("add server pool/a 127.0.0.1:80"), Line("set server pool/a state maint"), Line("del server pool/a"), Line("del server pool/a"),
                WithPayload($"add map {map}", "/x pool\n/y other value"), WithPayload("add map no-such-map", "/x pool"), Line($"get map {map} /none"),
                Line("no-such-command"), Line($"show map {map}"),
            ],
            CancellationToken.None);

        Assert.Equal(["New server registered.", "", "Server deleted.", "No such server.", ""], replies[..5]);
        Assert.Equal("Unknown map identifier. Please use #<id> or <file>.", replies[5]);
        Assert.EndsWith("found=no", replies[6], StringComparison.Ordinal);
        Assert.StartsWith("Unknown command", replies[7], StringComparison.Ordinal);
        Assert.Equal([new MapEntry("/x", "pool"), new MapEntry("/y", "other value")], MapEntries.Parse(replies[8]).Unnumbered());
    }

    [Theory, MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task Ten_thousand_commands_in_one_batch_and_a_listing_of_megabytes(HAProxyBinary binary)
    {
        await using var haproxy = await TestHAProxy.StartAsync(binary);
        await using var client = await haproxy.ConnectAsync();
        var map = haproxy.Config.Map;
        // Every second command answers with data, so that both directions fill up.
        var commands = Enumerable.Range(0, 10_000)
            .Select(i => i % 2 == 0 ? WithPayload($"add map {map}", $"/key{i} {new string('v', 400)}") : Line($"show map {map}no"))
            .ToArray();
        var replies = await client.ExecuteAsync(commands, CancellationToken.None);
        for (var i = 0; i < replies.Length; i++)
            Assert.Equal(i % 2 == 0 ? "" : "Unknown map identifier. Please use #<id> or <file>.", replies[i]);

        var listing = MapEntries.Parse(await client.ExecuteAsync(Line($"show map {map}"), CancellationToken.None));
        Assert.Equal(Enumerable.Range(0, 5_000).Select(i => $"/key{i * 2}"), listing.Value!.Select(entry => entry.Key));
    }

    [Theory, MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task Hostile_values_stay_data(HAProxyBinary binary)
    {
        await using var haproxy = await TestHAProxy.StartAsync(binary);
        await using var client = await haproxy.ConnectAsync();
        var map = haproxy.Config.Map;
        string[] values =
        [
            "v;clear map #0", "<<", "v <<", "<<EOT", "%[src]", "\"quoted\"", "'q'", "\\", "\\n", "é\u0001\u001b[0m", "> ", "+ +", "# x", " lead", "trail ",
            "show cli level", "quit", "\u2028", "\u0085",
        ];
        var keys = values.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"key{i}")).ToArray();
        var add = values.Select((value, i) => WithPayload($"add map {map}", $"{keys[i]} {value}"));
        var replies = await client.ExecuteAsync([.. add, Line($"show map {map}")], CancellationToken.None);

        Assert.All(replies[..^1], reply => Assert.Equal("", reply));
        var expected = values.Select((value, i) => new MapEntry(keys[i], value.TrimStart(' ')));
        Assert.Equal(expected, MapEntries.Parse(replies[^1]).Unnumbered());
    }

    [Theory, MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task Keys_escaped_with_backslashes_are_found_by_one_line_commands(HAProxyBinary binary)
    {
        await using var haproxy = await TestHAProxy.StartAsync(binary);
        await using var client = await haproxy.ConnectAsync();
        var map = haproxy.Config.Map;
        foreach (var key in new[] { "/a;b", @"/a\b", "/a<<b", "/a#b", "/a\"b'", "/é", "/a\u0001b" })
        {
            var escaped = key.Replace(@"\", @"\\", StringComparison.Ordinal).Replace(";", @"\;", StringComparison.Ordinal)
                .Replace("<", @"\<", StringComparison.Ordinal);
            var replies = await client.ExecuteAsync(
                [
                    WithPayload($"add map {map}", $"{key} old"), Line($"set map {map} {escaped} new"), Line($"show map {map}"),
                    Line($"del map {map} {escaped}"), Line($"show map {map}"),
                ],
                CancellationToken.None);
            Assert.Equal([new MapEntry(key, "new")], MapEntries.Parse(replies[2]).Unnumbered());
            Assert.Empty(MapEntries.Parse(replies[4]).Value!);
        }
    }

    [Theory, MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task A_payload_of_the_greatest_size_is_taken_and_the_connection_goes_on(HAProxyBinary binary)
    {
        await using var haproxy = await TestHAProxy.StartAsync(binary);
        await using var client = await haproxy.ConnectAsync();
        var line = $"add map {haproxy.Config.Map}";
        var largest = WithPayload(line, "k " + new string('v', RuntimeClientOptions.DefaultBufferSize - 64 - line.Length - 2));
        Assert.Null(client.Problem(largest));
        Assert.NotNull(client.Problem(largest with { Payload = largest.Payload + "v" }));

        var replies = await client.ExecuteAsync([largest, largest, Line($"show map {haproxy.Config.Map}")], CancellationToken.None);
        Assert.Equal(["", ""], replies[..2]);
        Assert.Equal(2, MapEntries.Parse(replies[2]).Value!.Count);
    }

    [Theory, MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task A_whole_certificate_goes_in_and_the_transcript_does_not_show_its_key(HAProxyBinary binary)
    {
        await using var haproxy = await TestHAProxy.StartAsync(binary);
        var transcript = new RecordingTranscript();
        await using var client = await haproxy.ConnectAsync(new RuntimeClientOptions { Transcript = transcript });
        var name = haproxy.Config.Certificate + ".new";
        var list = haproxy.Config.CertificateList;
        RuntimeCommand[] commands =
        [
            Line($"new ssl cert {name}"), WithPayload($"set ssl cert {name}", TestConfig.SelfSigned("b.example")) with { IsSecret = true },
            Line($"commit ssl cert {name}"), WithPayload($"add ssl crt-list {list}", $"{name} [alpn h2,http/1.1] b.example *.b.example"),
            Line($"show ssl crt-list -n {list}"),
        ];
        var replies = await client.ExecuteAsync(commands, CancellationToken.None);

        var entry = CertificateListEntries.Parse(replies[4]).Value![^1];
        Assert.Equal((name, "alpn h2,http/1.1"), (entry.Certificate, entry.Options));
        Assert.Equal(["b.example", "*.b.example"], entry.Filters);
        var planned = transcript.Exchanges.Where(exchange => !RuntimeClient.IsFraming(exchange.Sent)).ToArray();
        Assert.Equal(replies, planned.Select(exchange => exchange.Reply));
        Assert.Equal($"set ssl cert {name} <<\n***\n", planned[1].Sent);
        Assert.DoesNotContain(transcript.Exchanges, exchange => exchange.Sent.Contains("PRIVATE", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task An_idle_connection_outlives_the_configured_timeout(HAProxyBinary binary)
    {
        await using var haproxy = await TestHAProxy.StartAsync(binary);
        await using var client = await haproxy.ConnectAsync();
        using var plain = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        await plain.ConnectAsync(new System.Net.Sockets.UnixDomainSocketEndPoint(haproxy.Config.WorkerSocket));

        // "stats timeout" closes the connection that was opened later and did not ask for more.
        Assert.Equal(0, await plain.ReceiveAsync(new byte[1]).WaitAsync(Await.Deadline, TimeProvider.System));
        Assert.False(client.IsBroken);
        Assert.True(WorkerInfo.Parse(await client.ExecuteAsync(Line("show info"), CancellationToken.None)).IsOk);
    }

    [Theory, MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task A_socket_without_level_admin_is_refused_at_once(HAProxyBinary binary)
    {
        await using var haproxy = await TestHAProxy.StartAsync(binary);
        var failure = await Assert.ThrowsAsync<RuntimeConnectionException>(
            () => RuntimeClient.ConnectAsync(haproxy.Config.OperatorSocket, TimeProvider.System, null, CancellationToken.None));
        Assert.Contains("level operator", failure.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task A_worker_that_dies_breaks_the_connection(HAProxyBinary binary)
    {
        await using var haproxy = await TestHAProxy.StartAsync(binary);
        await using var client = await haproxy.ConnectAsync();
        await new HAProxyProcess(TimeProvider.System).StopAsync(haproxy.Running.Master!.Value, graceful: false, Await.Deadline, CancellationToken.None);

        var failure = await Assert.ThrowsAsync<RuntimeConnectionException>(async () => await client.ExecuteAsync(Line("show info"), CancellationToken.None));
        Assert.Equal((RuntimeFault.Closed, 0, true), (failure.Fault, failure.Answered, client.IsBroken));
    }
}
