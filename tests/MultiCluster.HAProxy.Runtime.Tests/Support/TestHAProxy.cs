using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Runtime.Master;
using MultiCluster.HAProxy.Runtime.Processes;
using MultiCluster.HAProxy.Runtime.Sockets;

namespace MultiCluster.HAProxy.Runtime.Tests.Support;

/// <summary>A real HAProxy in a directory of its own, stopped by the process held.</summary>
internal sealed class TestHAProxy : IAsyncDisposable
{
    private readonly ScratchDirectory _directory;
    private readonly HAProxyProcess _processes = new(TimeProvider.System);

    private TestHAProxy(ScratchDirectory directory, TestConfig config, HAProxyStart start, RunningHAProxy running)
    {
        _directory = directory;
        Config = config;
        Start = start;
        Running = running;
    }

    public TestConfig Config { get; }

    public HAProxyStart Start { get; }

    public RunningHAProxy Running { get; }

    public MasterClient Master => new(Start.MasterSocket, TimeProvider.System, Start.LogFile);

    public static HAProxyStart StartOf(string binary, ScratchDirectory directory, TestConfig config) => new()
    {
        Binary = binary,
        ConfigPath = config.ConfigPath,
        MasterSocket = directory.File("m.sock"),
        WorkerSocket = config.WorkerSocket,
        LogFile = directory.File("haproxy.log"),
        WorkingDirectory = directory.Path,
    };

    public static async Task<TestHAProxy> StartAsync(TestKit.HAProxyVersions.HAProxyBinary binary)
    {
        var directory = new ScratchDirectory();
        var config = new TestConfig(directory);
        var start = StartOf(binary.Path, directory, config);
        var running = await new HAProxyProcess(TimeProvider.System).StartAsync(start, CancellationToken.None);
        Assert.True(running.IsOk, running.Error);
        return new TestHAProxy(directory, config, start, running.Value);
    }

    public Task<RuntimeClient> ConnectAsync(RuntimeClientOptions? options = null) =>
        RuntimeClient.ConnectAsync(Config.WorkerSocket, TimeProvider.System, options, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        if (Running.Master is { } master)
            await _processes.StopAsync(master, graceful: false, Await.Deadline, CancellationToken.None);
        _directory.Dispose();
    }
}

internal static class TestCommands
{
    public static RuntimeCommand Line(string line) => new(line, null, ReplyRule.Data);

    public static RuntimeCommand WithPayload(string line, string payload) => new(line, payload, ReplyRule.Data);
}
