using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Runtime.Logs;
using MultiCluster.HAProxy.Runtime.Tests.Support;
using MultiCluster.TestKit;

namespace MultiCluster.HAProxy.Runtime.Tests.Logs;

/// <summary>Lines from sockets to where they go.</summary>
public sealed class LogListenerTests : IDisposable
{
    private readonly ScratchDirectory _directory = new();
    private readonly CountingObserver _observer = new();

    private string LogFile => _directory.File("access.log");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Lines_of_several_workers_are_written_each_whole_however_they_come_in_pieces()
    {
        await using (await StartAsync(new LogOutput.File(LogFile)))
        {
            var line = Encoding.Latin1.GetBytes(RawLines.Request(RawLines.Usual) + "\n");
            await Task.WhenAll(Enumerable.Range(1, 4).Select(async worker =>
            {
                using var socket = await ConnectAsync();
                var all = Enumerable.Repeat(line, 250).SelectMany(static bytes => bytes).ToArray();
                for (var at = 0; at < all.Length; at += worker * 777)
                    await socket.SendAsync(all.AsMemory(at, Math.Min(worker * 777, all.Length - at)));
            }));
            await Await.UntilAsync(() => _observer.Written == 1000, "not all of 1000 lines are written");
        }

        var lines = await File.ReadAllLinesAsync(LogFile);
        Assert.Equal(1000, lines.Length);
        Assert.All(lines, static line => Assert.Equal("web/cart", JsonDocument.Parse(line).RootElement.GetProperty("service").GetString()));
        Assert.Equal(0, _observer.Lost);
        Assert.False(File.Exists(_directory.File("log.sock")));
    }

    [Fact]
    public async Task Lines_go_on_in_a_new_file_when_the_old_one_was_moved_cut_or_deleted()
    {
        await using var listener = await StartAsync(new LogOutput.File(LogFile));
        using var socket = await ConnectAsync();
        await SendAsync(socket, 1);
        File.Move(LogFile, _directory.File("access.log.1"));
        await SendAsync(socket, 2);
        Assert.Equal((1, 1), (Lines("access.log.1"), Lines("access.log")));
        await File.WriteAllTextAsync(LogFile, "");
        await SendAsync(socket, 3);
        Assert.Equal(1, Lines("access.log"));
        File.Delete(LogFile);
        await SendAsync(socket, 4);
        Assert.Equal(1, Lines("access.log"));
    }

    [Fact]
    public async Task A_pipe_takes_lines_as_a_file_does()
    {
        var pipe = _directory.File("pipe");
        using (var made = System.Diagnostics.Process.Start("mkfifo", [pipe]))
            await made.WaitForExitAsync();
        await using var listener = await StartAsync(new LogOutput.File(pipe));
        using var socket = await ConnectAsync();
        var reading = Task.Run(() => new FileStream(pipe, FileMode.Open, FileAccess.Read));
        await SendAsync(socket, 1);
        await SendAsync(socket, 2);
        await using var stream = await reading;
        using var reader = new StreamReader(stream);
        Assert.Contains("web/cart", await reader.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Contains("web/cart", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_line_is_counted_and_costs_no_other()
    {
        await using var listener = await StartAsync(new LogOutput.File(LogFile));
        using var socket = await ConnectAsync();
        await socket.SendAsync(Encoding.Latin1.GetBytes($"garbage\n\0\n{new string('x', 200_000)}\n"));
        await SendAsync(socket, 1);
        Assert.Equal([LineLoss.Unreadable], _observer.Reasons);
        Assert.Equal(1, Lines("access.log"));
    }

    [Fact]
    public async Task A_file_that_can_t_be_written_loses_lines_and_says_so_and_gets_those_that_come_later()
    {
        var directory = _directory.File("logs");
        await File.WriteAllTextAsync(directory, "no directory");
        await using var listener = await StartAsync(new LogOutput.File(Path.Combine(directory, "access.log")));
        using var socket = await ConnectAsync();
        await socket.SendAsync(Encoding.Latin1.GetBytes(RawLines.Request() + "\n"));
        await Await.UntilAsync(() => _observer.Lost == 1, "the line is not counted as lost");
        Assert.Equal([LineLoss.Failed], _observer.Reasons);
        File.Delete(directory);
        await SendAsync(socket, 1);
    }

    [Fact]
    public async Task A_target_that_hangs_costs_lines_and_neither_memory_nor_HAProxy_s_time()
    {
        using var hanging = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        hanging.Bind(new UnixDomainSocketEndPoint(_directory.File("dev-log")));
        await using var listener = await StartAsync(new LogOutput.SyslogSocket(_directory.File("dev-log")));
        using var socket = await ConnectAsync();
        var line = Encoding.Latin1.GetBytes(RawLines.Request(["1.1", "GET", "a", $"/{new string('p', 2047)}", "", "", "", ""]) + "\n");
        var many = Enumerable.Repeat(line, 100).SelectMany(static bytes => bytes).ToArray();
        using var deadline = new CancellationTokenSource(Await.Deadline);
        for (var sent = 0; !_observer.Reasons.Contains(LineLoss.Slow); sent += many.Length)
            await socket.SendAsync(many, deadline.Token);
    }

    [Fact]
    public async Task Syslog_gets_a_datagram_a_line()
    {
        using var syslog = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        syslog.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        await using var listener = await StartAsync(new LogOutput.SyslogUdp("127.0.0.1", ((System.Net.IPEndPoint)syslog.LocalEndPoint!).Port));
        using var socket = await ConnectAsync();
        var line = Encoding.Latin1.GetBytes(RawLines.Request() + "\n");
        await socket.SendAsync(line.Concat(line).ToArray());
        for (var i = 0; i < 2; i++)
        {
            var message = await ReceiveAsync(syslog);
            Assert.Matches(@"^<134>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z \S+ multicluster \d+ access - \{""type"":""http"".*\}$", message);
        }
    }

    [Fact]
    public async Task The_machine_s_own_syslog_gets_what_the_C_library_writes_and_may_start_anew()
    {
        var path = _directory.File("dev-log");
        await using var listener = await StartAsync(new LogOutput.SyslogSocket(path));
        using var socket = await ConnectAsync();
        for (var i = 0; i < 2; i++)
        {
            using var syslog = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            syslog.Bind(new UnixDomainSocketEndPoint(path));
            // What was sent to the one before finds nobody, and is lost.
            var lost = _observer.Lost;
            await socket.SendAsync(Encoding.Latin1.GetBytes(RawLines.Request() + "\n"));
            await Await.UntilAsync(() => syslog.Available > 0 || _observer.Lost > lost, "the line went nowhere");
            if (_observer.Lost > lost)
                await socket.SendAsync(Encoding.Latin1.GetBytes(RawLines.Request() + "\n"));
            Assert.Matches(@"^<134>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d multicluster\[\d+\]: \{""type"":""http"".*\}$", await ReceiveAsync(syslog));
            File.Delete(path);
        }
    }

    private static async Task<string> ReceiveAsync(Socket syslog)
    {
        var bytes = new byte[64 * 1024];
        using var deadline = new CancellationTokenSource(Await.Deadline);
        return Encoding.UTF8.GetString(bytes, 0, await syslog.ReceiveAsync(bytes, deadline.Token));
    }

    private async Task<LogListener> StartAsync(LogOutput output) => (await LogListener.StartAsync(
        _directory.File("log.sock"), forOthers: false, "edge", RawLines.Options with { Output = output }, _observer, TimeProvider.System, NullLogger.Instance, CancellationToken.None)).Value!;

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_directory.File("log.sock")));
        return socket;
    }

    /// <param name="until">So many are written then.</param>
    private async Task SendAsync(Socket socket, int until)
    {
        await socket.SendAsync(Encoding.Latin1.GetBytes(RawLines.Request(RawLines.Usual) + "\n"));
        await Await.UntilAsync(() => _observer.Written == until, $"not {until} lines are written");
    }

    private int Lines(string name) => File.ReadAllLines(_directory.File(name)).Length;
}
