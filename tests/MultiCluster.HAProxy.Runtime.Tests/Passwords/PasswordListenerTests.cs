using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.HAProxy.Runtime.Passwords;
using MultiCluster.HAProxy.Runtime.Tests.Support;

namespace MultiCluster.HAProxy.Runtime.Tests.Passwords;

public sealed class PasswordListenerTests
{
    private const string Hash = "$5$abcdefgh$azU9PNNJw9essBuwq5yihWY9lFXM0dF54Ph4sAxX.YB";

    /// <summary>What nobody reads of a question resets its connection, and the answer may be lost with it.</summary>
    private const string Reset = "reset";

    [Fact]
    public async Task Whoever_asks_is_told_and_whoever_asks_nonsense_is_told_no()
    {
        using var directory = new ScratchDirectory();
        await using var listener = await StartAsync(directory);
        Assert.Equal("yes\n", await AskAsync(listener, $"{Hash.Length} 6\n{Hash}geheim"));
        Assert.Equal("no\n", await AskAsync(listener, $"{Hash.Length} 6\n{Hash}Geheim"));
        foreach (var nonsense in new[] { "GET / HTTP/1.1\r\n\r\n", "\n", "-1 5\n", "5 -1\n", "1 99999\n", "99999 1\n", "0 0\n", "1 1 1\n", "1 1 1 1 1\n" })
            Assert.Contains(await AskAsync(listener, nonsense), new[] { "no\n", Reset });
    }

    [Fact]
    public async Task Whose_password_it_is_may_be_said()
    {
        using var directory = new ScratchDirectory();
        await using var listener = await StartAsync(directory);
        Assert.Equal("yes\n", await AskAsync(listener, $"{Hash.Length} 6 {new string('a', 64)} 2001:db8:1111:2222::\n{Hash}geheim"));
    }

    [Fact]
    public async Task Many_are_told_one_after_the_other_or_to_come_back()
    {
        using var directory = new ScratchDirectory();
        await using var listener = await StartAsync(directory);
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => AskAsync(listener, $"{Hash.Length} 6\n{Hash}geheim")));
        Assert.All(answers, static answer => Assert.Contains(answer, new[] { "yes\n", "busy\n", Reset }));
        Assert.Contains("yes\n", answers);
        Assert.Equal("yes\n", await AskAsync(listener, $"{Hash.Length} 6\n{Hash}geheim"));
    }

    [Fact]
    public async Task Nobody_else_may_ask_unless_HAProxy_is_another_user_and_a_stale_socket_is_taken_over()
    {
        using var directory = new ScratchDirectory();
        var path = directory.File("pass.sock");
        using (var stale = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            stale.Bind(new UnixDomainSocketEndPoint(path));
        await using (await StartAsync(directory))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.False(File.Exists(path));
        await using var open = await StartAsync(directory, forOthers: true);
        Assert.True(File.GetUnixFileMode(path).HasFlag(UnixFileMode.OtherWrite));
        var second = await PasswordListener.StartAsync(path, false, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        Assert.Contains("Another process listens", second.Error, StringComparison.Ordinal);
    }

    private static async Task<PasswordListener> StartAsync(ScratchDirectory directory, bool forOthers = false)
    {
        var started = await PasswordListener.StartAsync(directory.File("pass.sock"), forOthers, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        Assert.True(started.IsOk, started.Error);
        return started.Value;
    }

    private static async Task<string> AskAsync(PasswordListener listener, string question)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(listener.Path));
        }
        catch (SocketException full) when (full.SocketErrorCode == SocketError.WouldBlock)
        {
            return "busy\n";
        }

        try
        {
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(question));
            using var reader = new StreamReader(stream, Encoding.ASCII);
            return await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
        }
        catch (IOException)
        {
            return Reset;
        }
    }
}
