using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MultiCluster.HAProxy.Runtime.Mirrors;

namespace MultiCluster.HAProxy.Runtime.Tests.Mirrors;

public sealed class CopySenderTests
{
    [Fact]
    public async Task A_name_that_leads_to_the_own_machine_is_not_asked()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var sender = new CopySender(TimeProvider.System);
        Assert.False(await sender.SendAsync(Copy(listener), CancellationToken.None));
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task A_copy_arrives_with_all_that_is_said_of_it()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var sender = new CopySender(TimeProvider.System, static _ => true);
        var sending = sender.SendAsync(Copy(listener), CancellationToken.None);
        using var taken = await listener.AcceptSocketAsync();
        await using var stream = new NetworkStream(taken);
        var heard = new StringBuilder();
        var buffer = new byte[4096];
        while (!heard.ToString().EndsWith("hello", StringComparison.Ordinal))
            heard.Append(Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer)));
        await stream.WriteAsync("HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n"u8.ToArray());
        Assert.True(await sending);
        Assert.Equal(
            ["PATCH /a/../b HTTP/1.1", "content-length: 5", "content-type: text/x", "cookie: a=b", "host: copies.example", "x-multicluster-mirrored: 1"],
            heard.ToString().Split("\r\n\r\n")[0].Split("\r\n").Select(static (line, i) => i == 0 ? line : line[..line.IndexOf(':', StringComparison.Ordinal)].ToLowerInvariant() + line[line.IndexOf(':', StringComparison.Ordinal)..])
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_target_that_is_slow_holds_no_more_than_its_share()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var sender = new CopySender(TimeProvider.System, static _ => true);
        using var end = new CancellationTokenSource();
        var held = Enumerable.Range(0, CopySender.MaxOfTarget).Select(_ => sender.SendAsync(Copy(listener), end.Token)).ToList();
        Assert.False(await sender.SendAsync(Copy(listener), CancellationToken.None));
        Assert.DoesNotContain(held, static sending => sending.IsCompleted);
        await end.CancelAsync();
        Assert.DoesNotContain(true, await Task.WhenAll(held));
    }

    [Fact]
    public async Task A_namespace_with_many_slow_targets_holds_no_more_than_its_share()
    {
        var listeners = Enumerable.Range(0, (CopySender.MaxOfOwner / CopySender.MaxOfTarget) + 1).Select(static _ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(static listener => listener.Start());
        using var sender = new CopySender(TimeProvider.System, static _ => true);
        using var end = new CancellationTokenSource();
        var held = Enumerable.Range(0, CopySender.MaxOfOwner).Select(i => sender.SendAsync(Copy(listeners[i / CopySender.MaxOfTarget]), end.Token)).ToList();
        Assert.False(await sender.SendAsync(Copy(listeners[^1]), CancellationToken.None));
        held.Add(sender.SendAsync(Copy(listeners[^1], "other"), end.Token));
        Assert.DoesNotContain(held, static sending => sending.IsCompleted);
        await end.CancelAsync();
        Assert.DoesNotContain(true, await Task.WhenAll(held));
        listeners.ForEach(static listener => listener.Dispose());
    }

    private static RequestCopy Copy(TcpListener to, string owner = "web")
    {
        var target = Base64Url.EncodeToString(Encoding.ASCII.GetBytes($"http://localhost:{((IPEndPoint)to.LocalEndpoint).Port}{{uri}}"));
        return RequestCopy.Parse($"{target}|{Base64Url.EncodeToString("copies.example"u8)}|b", $"{owner}\nPATCH\nhttp\nshop.example\n/a/../b\ncontent-type:text/x\ncookie:a=b", "hello"u8.ToArray())!;
    }
}
