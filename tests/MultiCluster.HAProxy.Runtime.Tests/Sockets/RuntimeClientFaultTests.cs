using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Runtime.Sockets;
using MultiCluster.HAProxy.Runtime.Tests.Support;
using static MultiCluster.HAProxy.Runtime.Tests.Support.TestCommands;

namespace MultiCluster.HAProxy.Runtime.Tests.Sockets;

/// <summary>Against a server that misbehaves in one way.</summary>
public sealed class RuntimeClientFaultTests
{
    private static readonly RuntimeCommand[] Two = [Line("show info"), Line("show map")];

    [Fact]
    public async Task Nobody_listening_is_told_with_the_path()
    {
        var failure = await Assert.ThrowsAsync<RuntimeConnectionException>(
            () => RuntimeClient.ConnectAsync("/tmp/mc-nobody.sock", TimeProvider.System, null, CancellationToken.None));
        Assert.Equal(RuntimeFault.Unreachable, failure.Fault);
        Assert.Contains("/tmp/mc-nobody.sock", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_longer_than_the_kernel_takes_is_no_crash()
    {
        var failure = await Assert.ThrowsAsync<RuntimeConnectionException>(
            () => RuntimeClient.ConnectAsync("/tmp/" + new string('x', 200), TimeProvider.System, null, CancellationToken.None));
        Assert.Equal(RuntimeFault.Unreachable, failure.Fault);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad request\r\n\r\n", RuntimeFault.Closed)]
    [InlineData("hello\n> \n> admin\n\n> ", RuntimeFault.Framing)]
    [InlineData("\n> \n> what?\n\n> ", RuntimeFault.Framing)]
    public async Task A_server_that_is_no_HAProxy_is_refused_when_connecting(string speech, RuntimeFault expected)
    {
        await using var server = new FakeSocketServer(async peer =>
        {
            await peer.ReadUntilAsync("show cli level\n");
            await peer.SayAsync(speech);
        });
        var failure = await Assert.ThrowsAsync<RuntimeConnectionException>(
            () => RuntimeClient.ConnectAsync(server.Path, TimeProvider.System, null, CancellationToken.None));
        Assert.Equal(expected, failure.Fault);
    }

    [Theory]
    [InlineData("", RuntimeFault.Closed, 0)]
    [InlineData("first\n\n> sec", RuntimeFault.Closed, 1)]
    [InlineData("first\n\n> second\n\n> ", RuntimeFault.Closed, 2)]
    [InlineData("first\n\n> second\n\n> third\n\n> admin\n\n> ", RuntimeFault.Framing, 0)]
    [InlineData("first\n\n> second\n\n> admin\n\n> more", RuntimeFault.Framing, 0)]
    [InlineData("+ first\n\n> second\n\n> admin\n\n> ", RuntimeFault.Framing, 0)]
    public async Task A_reply_that_ends_early_or_does_not_match_breaks_the_connection(string speech, RuntimeFault expected, int answered)
    {
        await using var server = new FakeSocketServer(async peer =>
        {
            await peer.OpenAsync();
            await peer.ReadUntilAsync("show cli level\n");
            await peer.SayAsync(speech);
        });
        var transcript = new RecordingTranscript();
        await using var client = await RuntimeClient.ConnectAsync(
            server.Path, TimeProvider.System, new RuntimeClientOptions { Transcript = transcript }, CancellationToken.None);
        var failure = await Assert.ThrowsAsync<RuntimeConnectionException>(async () => await client.ExecuteAsync(Two, CancellationToken.None));

        Assert.Equal((expected, answered, true), (failure.Fault, failure.Answered, client.IsBroken));
        Assert.Contains(server.Path, failure.Message, StringComparison.Ordinal);
        Assert.Contains(transcript.Exchanges, exchange => exchange.Sent == "show map");
        await Assert.ThrowsAsync<RuntimeConnectionException>(async () => await client.ExecuteAsync(Two, CancellationToken.None));
    }

    [Fact]
    public async Task Silence_breaks_the_connection_and_the_limit_is_named()
    {
        await using var server = new FakeSocketServer(async peer =>
        {
            await peer.OpenAsync();
            await peer.ReadUntilAsync("show cli level\n");
            await peer.SayAsync("first\n\n> ");
            await peer.UntilClosedAsync();
        });
        var options = new RuntimeClientOptions { SilenceLimit = TimeSpan.FromSeconds(3) };
        await using var client = await RuntimeClient.ConnectAsync(server.Path, TimeProvider.System, options, CancellationToken.None);
        var failure = await Assert.ThrowsAsync<RuntimeConnectionException>(async () => await client.ExecuteAsync(Two, CancellationToken.None));
        Assert.Equal((RuntimeFault.Silent, 1), (failure.Fault, failure.Answered));
        Assert.Contains("3 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_reads_nothing_does_not_hold_a_large_batch_for_ever()
    {
        await using var server = new FakeSocketServer(async peer =>
        {
            await peer.OpenAsync();
            await peer.ReadUntilAsync("show");
        });
        var options = new RuntimeClientOptions { SilenceLimit = TimeSpan.FromSeconds(3) };
        await using var client = await RuntimeClient.ConnectAsync(server.Path, TimeProvider.System, options, CancellationToken.None);
        var many = Enumerable.Repeat(WithPayload("add map m", "k " + new string('x', 10_000)), 10_000).ToArray();
        await Assert.ThrowsAsync<RuntimeConnectionException>(async () => await client.ExecuteAsync(many, CancellationToken.None));
    }

    [Fact]
    public async Task An_endless_reply_is_cut_off()
    {
        await using var server = new FakeSocketServer(async peer =>
        {
            await peer.OpenAsync();
            await peer.ReadUntilAsync("show cli level\n");
            while (true)
                await peer.SayAsync(new string('x', 10_000));
        });
        var options = new RuntimeClientOptions { MaxReplyBytes = 1_000_000 };
        await using var client = await RuntimeClient.ConnectAsync(server.Path, TimeProvider.System, options, CancellationToken.None);
        var failure = await Assert.ThrowsAsync<RuntimeConnectionException>(async () => await client.ExecuteAsync(Two, CancellationToken.None));
        Assert.Equal(RuntimeFault.Framing, failure.Fault);
    }

    [Fact]
    public async Task Cancelling_in_mid_batch_breaks_the_connection()
    {
        using var cancellation = new CancellationTokenSource();
        await using var server = new FakeSocketServer(async peer =>
        {
            await peer.OpenAsync();
            await peer.ReadUntilAsync("show cli level\n");
            await cancellation.CancelAsync();
            await peer.UntilClosedAsync();
        });
        await using var client = await RuntimeClient.ConnectAsync(server.Path, TimeProvider.System, null, CancellationToken.None);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await client.ExecuteAsync(Two, cancellation.Token));
        Assert.True(client.IsBroken);
    }

    [Fact]
    public async Task An_unsafe_command_is_a_bug_and_nothing_of_its_batch_is_sent()
    {
        var transcript = new RecordingTranscript();
        await using var server = new FakeSocketServer(async peer =>
        {
            await peer.OpenAsync();
            await peer.UntilClosedAsync();
        });
        await using var client = await RuntimeClient.ConnectAsync(
            server.Path, TimeProvider.System, new RuntimeClientOptions { Transcript = transcript }, CancellationToken.None);
        var opening = transcript.Exchanges.Count;
        var failure = await Assert.ThrowsAsync<ArgumentException>(
            async () => await client.ExecuteAsync([.. Two, WithPayload("set ssl cert a", "SECRET\n\nquit")], CancellationToken.None));

        Assert.DoesNotContain("SECRET", failure.Message, StringComparison.Ordinal);
        Assert.Equal(opening, transcript.Exchanges.Count);
        Assert.False(client.IsBroken);
    }
}
