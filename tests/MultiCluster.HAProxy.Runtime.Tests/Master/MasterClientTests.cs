using MultiCluster.HAProxy.Runtime.Master;
using MultiCluster.HAProxy.Runtime.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;
using static MultiCluster.HAProxy.Runtime.Tests.Support.TestCommands;

namespace MultiCluster.HAProxy.Runtime.Tests.Master;

public sealed class MasterClientTests
{
    [Theory, MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task A_reload_ends_when_a_new_worker_serves(HAProxyBinary binary)
    {
        await using var haproxy = await TestHAProxy.StartAsync(binary);
        await using var client = await haproxy.ConnectAsync();
        await client.ExecuteAsync(Line("add server pool/a 127.0.0.1:80"), CancellationToken.None);

        var reload = await haproxy.Master.ReloadAsync(CancellationToken.None);

        Assert.True(reload.IsOk, reload.Error);
        Assert.True(reload.Value.Succeeded, reload.Value.Log);
        Assert.NotEqual(haproxy.Running.WorkerPid, reload.Value.WorkerPid);
        var table = (await haproxy.Master.ShowProcAsync(CancellationToken.None)).Value!;
        Assert.Equal(reload.Value.WorkerPid, table.Serving!.Pid);
        Assert.Equal(1, table.Master.Reloads);

        // The open connection still belongs to the old worker; a new one sees the configuration, which has no such server.
        Assert.Contains("\n3 pool 1 a ", "\n" + await client.ExecuteAsync(Line("show servers state pool"), CancellationToken.None), StringComparison.Ordinal);
        await using var renewed = await haproxy.ConnectAsync();
        Assert.DoesNotContain(" pool 1 a ", await renewed.ExecuteAsync(Line("show servers state pool"), CancellationToken.None), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task A_refused_configuration_leaves_the_worker_and_tells_why(HAProxyBinary binary)
    {
        await using var haproxy = await TestHAProxy.StartAsync(binary);
        haproxy.Config.Break();
        var refused = (await haproxy.Master.ReloadAsync(CancellationToken.None)).Value!;
        Assert.False(refused.Succeeded);
        Assert.Equal(haproxy.Running.WorkerPid, refused.WorkerPid);
        Assert.Contains("no-such-keyword", refused.Reason, StringComparison.Ordinal);

        haproxy.Config.Repair();
        var accepted = (await haproxy.Master.ReloadAsync(CancellationToken.None)).Value!;
        Assert.True(accepted.Succeeded, accepted.Log);
        Assert.NotEqual(haproxy.Running.WorkerPid, accepted.WorkerPid);
    }

    [Fact]
    public async Task Nobody_listening_is_an_error_that_names_the_socket()
    {
        var master = new MasterClient("/tmp/mc-nobody.sock", TimeProvider.System);
        Assert.Contains("/tmp/mc-nobody.sock", (await master.ShowProcAsync(CancellationToken.None)).Error, StringComparison.Ordinal);
        Assert.Contains("/tmp/mc-nobody.sock", (await master.ReloadAsync(CancellationToken.None)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nonsense_is_an_error_that_quotes_it()
    {
        await using var server = new FakeSocketServer(async peer =>
        {
            await peer.ReadUntilAsync("show proc\n");
            await peer.SayAsync("I am a teapot");
        });
        var answer = await new MasterClient(server.Path, TimeProvider.System).ShowProcAsync(CancellationToken.None);
        Assert.Contains("I am a teapot", answer.Error, StringComparison.Ordinal);
    }
}
