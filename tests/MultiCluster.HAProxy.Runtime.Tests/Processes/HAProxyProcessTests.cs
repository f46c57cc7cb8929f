using System.Diagnostics;
using System.Net.Sockets;
using MultiCluster.HAProxy.Runtime.Processes;
using MultiCluster.HAProxy.Runtime.Sockets;
using MultiCluster.HAProxy.Runtime.State;
using MultiCluster.HAProxy.Runtime.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;
using HAProxyBinary = MultiCluster.TestKit.HAProxyVersions.HAProxyBinary;

namespace MultiCluster.HAProxy.Runtime.Tests.Processes;

public sealed class HAProxyProcessTests
{
    private static readonly HAProxyProcess Processes = new(TimeProvider.System);

    [Theory, MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task A_started_HAProxy_leads_its_own_session_and_stops_when_asked(HAProxyBinary binary)
    {
        await using var haproxy = await TestHAProxy.StartAsync(binary);
        var running = haproxy.Running;
        Assert.Equal(binary.FullVersion, running.Version.Text);
        Assert.Equal(running.MasterPid, SessionOf(running.MasterPid));
        Assert.Equal(running.MasterPid, SessionOf(running.WorkerPid));
        Assert.Equal(haproxy.Start.LogFile, new FileInfo($"/proc/{running.MasterPid}/fd/2").LinkTarget);

        var master = running.Master!.Value;
        Assert.Equal(StopOutcome.Stopped, await Processes.StopAsync(master, graceful: true, Await.Deadline, CancellationToken.None));
        Assert.False(master.IsAlive);
        Assert.Equal(StopOutcome.AlreadyGone, await Processes.StopAsync(master, graceful: true, Await.Deadline, CancellationToken.None));
    }

    [Theory, MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task Killing_whoever_started_it_leaves_HAProxy_serving_and_it_can_be_adopted(HAProxyBinary binary)
    {
        using var directory = new ScratchDirectory();
        var config = new TestConfig(directory);
        var start = TestHAProxy.StartOf(binary.Path, directory, config);
        ProcessIdentity? master = null;
        try
        {
            await using (var parent = await HelperProcess.StartAsync(
                "start", directory.File("state"), start.Binary, start.ConfigPath, start.MasterSocket, start.WorkerSocket, start.LogFile))
            {
                var before = (await Processes.TryAdoptAsync(start.MasterSocket, start.WorkerSocket, CancellationToken.None)).Value!.Running!;
                master = before.Master;
                Assert.False(StateDirectory.Open(directory.File("state")).IsOk);
                await parent.KillAsync();

                // HAProxy has not inherited the lock.
                using var state = StateDirectory.Open(directory.File("state")).Value;
                Assert.NotNull(state);
                var adopted = await Processes.TryAdoptAsync(start.MasterSocket, start.WorkerSocket, CancellationToken.None);
                Assert.True(adopted.IsOk, adopted.Error);
                Assert.Equal(before, adopted.Value.Running);
                Assert.Equal(0, before.Reloads);
            }

            Assert.True(master!.Value.IsAlive);
            await AssertListensAsync(config.Frontend);
        }
        finally
        {
            if (master is { } left)
                await Processes.StopAsync(left, graceful: false, Await.Deadline, CancellationToken.None);
        }
    }

    [Theory, MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task A_second_start_on_the_same_sockets_is_refused(HAProxyBinary binary)
    {
        await using var haproxy = await TestHAProxy.StartAsync(binary);
        var second = await Processes.StartAsync(haproxy.Start, CancellationToken.None);
        Assert.Contains($"Another process listens on {haproxy.Start.MasterSocket}", second.Error, StringComparison.Ordinal);
        Assert.True(haproxy.Running.Master!.Value.IsAlive);
    }

    [Theory, MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task A_configuration_is_checked_and_a_bad_one_does_not_start(HAProxyBinary binary)
    {
        using var directory = new ScratchDirectory();
        var config = new TestConfig(directory);
        var good = await Processes.CheckAsync(binary.Path, config.ConfigPath, CancellationToken.None);
        Assert.True(good.Value!.IsValid, string.Join('\n', good.Value.Alerts));

        config.Break();
        var bad = await Processes.CheckAsync(binary.Path, config.ConfigPath, CancellationToken.None);
        Assert.False(bad.Value!.IsValid);
        Assert.Contains("no-such-keyword", bad.Value.Alerts[0], StringComparison.Ordinal);

        var started = await Processes.StartAsync(TestHAProxy.StartOf(binary.Path, directory, config), CancellationToken.None);
        Assert.Contains("exit code 1", started.Error, StringComparison.Ordinal);
        Assert.Contains("no-such-keyword", started.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sockets_left_by_a_killed_HAProxy_are_removed_before_the_next_start()
    {
        await using var haproxy = await TestHAProxy.StartAsync(HAProxyBinaries.Default);
        using (var worker = Process.GetProcessById(haproxy.Running.WorkerPid))
        using (var master = Process.GetProcessById(haproxy.Running.MasterPid))
        {
            master.Kill();
            worker.Kill();
        }

        await Await.UntilAsync(
            () => ProcessIdentity.Of(haproxy.Running.WorkerPid) is null && ProcessIdentity.Of(haproxy.Running.MasterPid) is null, "HAProxy's end");
        Assert.True(File.Exists(haproxy.Start.MasterSocket));
        Assert.Null((await Processes.TryAdoptAsync(haproxy.Start.MasterSocket, haproxy.Start.WorkerSocket, CancellationToken.None)).Value!.Running);

        var again = await Processes.StartAsync(haproxy.Start, CancellationToken.None);
        Assert.True(again.IsOk, again.Error);
        await Processes.StopAsync(again.Value.Master!.Value, graceful: false, Await.Deadline, CancellationToken.None);
    }

    [Fact]
    public async Task A_process_id_that_cannot_be_written_is_no_reason_not_to_start()
    {
        using var directory = new ScratchDirectory();
        var pidFile = directory.File("master.pid");
        File.CreateSymbolicLink(pidFile + ".new", "/dev/full");
        Assert.Contains("No space left", PidFile.Write(pidFile, 1), StringComparison.Ordinal);

        var start = TestHAProxy.StartOf(HAProxyBinaries.Default.Path, directory, new TestConfig(directory)) with { PidFile = pidFile };
        var running = await Processes.StartAsync(start, CancellationToken.None);
        Assert.True(running.IsOk, running.Error);
        await Processes.StopAsync(running.Value.Master!.Value, graceful: false, Await.Deadline, CancellationToken.None);
    }

    [Theory]
    [InlineData("/tmp/a b/master.sock", "' '")]
    [InlineData("/tmp/a\"b/master.sock", "'\"'")]
    [InlineData("/tmp/a#b/master.sock", "'#'")]
    [InlineData("/tmp/ab/master.sock", null)]
    public void A_path_that_HAProxy_would_read_otherwise_is_a_problem(string path, string? character)
    {
        var problem = UnixSocketPath.Problem(path);
        if (character is null)
            Assert.Null(problem);
        else
            Assert.Contains(character, problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_started_says_so()
    {
        using var directory = new ScratchDirectory();
        var start = TestHAProxy.StartOf("/nowhere/haproxy", directory, new TestConfig(directory));
        var missing = await Processes.StartAsync(start, CancellationToken.None);
        Assert.Contains("/nowhere/haproxy", missing.Error, StringComparison.Ordinal);
        var unloggable = await Processes.StartAsync(start with { LogFile = directory.Path }, CancellationToken.None);
        Assert.Contains($"log file {directory.Path}", unloggable.Error, StringComparison.Ordinal);
        var tooLong = await Processes.StartAsync(start with { MasterSocket = directory.File(new string('x', 90)) }, CancellationToken.None);
        Assert.Contains("choose a shorter state directory", tooLong.Error, StringComparison.Ordinal);
        var occupied = await Processes.StartAsync(start with { MasterSocket = directory.Write("file", "mine") }, CancellationToken.None);
        Assert.Contains("is not a socket", occupied.Error, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(directory.File("file")));
    }

    [Fact]
    public void Words_of_the_command_line_are_never_read_as_shell_code()
    {
        using var directory = new ScratchDirectory();
        var script = directory.WriteScript("say $(touch broken);`touch broken`", "printf '%s\\n' \"$0\" \"$@\"");
        var start = TestHAProxy.StartOf(script, directory, new TestConfig(directory)) with { ConfigPath = "$(touch broken) ' \" ; x" };
        using var process = DetachedProcess.Launch(start).Value!;
        Assert.True(SpinWait.SpinUntil(() => process.ExitCode is not null, Await.Deadline), "the end of the script");
        Assert.Equal(
            [script, "-W", "-S", $"{start.MasterSocket},mode,600", "-f", start.ConfigPath], File.ReadAllLines(start.LogFile));
        Assert.False(File.Exists(directory.File("broken")));
    }

    [Fact]
    public void A_process_that_took_over_an_id_is_not_signalled()
    {
        using var process = Process.Start(new ProcessStartInfo("sleep", ["60"]))!;
        try
        {
            var identity = ProcessIdentity.Of(process.Id)!.Value;
            Assert.False((identity with { StartTicks = identity.StartTicks - 1 }).Signal(NativeMethods.SignalKill));
            Assert.True(identity.IsAlive);
        }
        finally
        {
            process.Kill();
        }
    }

    private static int SessionOf(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[3], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task AssertListensAsync(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
    }
}
