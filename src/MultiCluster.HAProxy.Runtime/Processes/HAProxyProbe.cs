using System.Net.Sockets;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Runtime.Master;
using MultiCluster.HAProxy.Runtime.Replies;
using MultiCluster.HAProxy.Runtime.Sockets;

namespace MultiCluster.HAProxy.Runtime.Processes;

/// <summary>Asks both sockets whether one and the same HAProxy stands behind them.</summary>
internal static class HAProxyProbe
{
    private static readonly RuntimeCommand ShowInfo = new("show info", null, ReplyRule.Data);

    public static async Task<bool> IsListeningAsync(string socketPath, CancellationToken cancellationToken)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public static async Task<Outcome<RunningHAProxy>> AskAsync(
        string masterSocket, string workerSocket, TimeProvider time, CancellationToken cancellationToken)
    {
        var table = await new MasterClient(masterSocket, time).ShowProcAsync(cancellationToken);
        if (!table.IsOk)
            return new Failure(table.Error);
        if (table.Value.Serving is not { } serving)
            return new Failure($"HAProxy's master at {masterSocket} has no worker yet.");

        var info = await AskWorkerAsync(workerSocket, time, cancellationToken);
        if (!info.IsOk)
            return new Failure(info.Error);
        if (info.Value.Pid != serving.Pid)
            return new Failure($"{workerSocket} belongs to process {info.Value.Pid}, but the worker of {masterSocket} is {serving.Pid}.");

        var master = table.Value.Master;
        return HAProxyVersion.TryParse(info.Value.Version, out var version)
            ? new RunningHAProxy(master.Pid, ProcessIdentity.Of(master.Pid), serving.Pid, master.Reloads, version)
            : new Failure($"HAProxy behind {workerSocket} has an unreadable version: {info.Value.Version}");
    }

    private static async Task<Outcome<WorkerInfo>> AskWorkerAsync(string socketPath, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await using var client = await RuntimeClient.ConnectAsync(socketPath, time, null, cancellationToken);
            return WorkerInfo.Parse(await client.ExecuteAsync(ShowInfo, cancellationToken));
        }
        catch (RuntimeConnectionException failure)
        {
            return new Failure(failure.Message);
        }
    }
}
