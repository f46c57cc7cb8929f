using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.HAProxy.Runtime.Processes;

namespace MultiCluster.HAProxy.Runtime.Master;

/// <summary>
/// The master CLI (<c>-S</c>). Every command has its own connection: a reload closes them all, and the master ends a connection
/// only when we close our writing side.
/// </summary>
/// <param name="logFile">Where HAProxy's stderr goes; tells why a reload of 2.6 failed.</param>
public sealed partial class MasterClient(string socketPath, TimeProvider time, string? logFile = null, ILogger? logger = null)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    private static readonly HAProxyVersion SynchronousSince = new(2, 7, 0, "2.7");

    private readonly ILogger _logger = logger ?? NullLogger.Instance;

    public string SocketPath => socketPath;

    /// <summary>How long a reload may take: a configuration with 10,000 backends of 30 servers takes HAProxy about 4 s.</summary>
    public TimeSpan ReloadLimit { get; init; } = TimeSpan.FromSeconds(60);

    public async Task<Outcome<ProcessTable>> ShowProcAsync(CancellationToken cancellationToken)
    {
        var reply = await AskAsync("show proc", AnswerLimit, cancellationToken);
        return reply.IsOk ? ProcessTableParser.Parse(reply.Value) : new Failure(reply.Error);
    }

    /// <summary>Waits until a new worker serves or HAProxy has refused the configuration.</summary>
    /// <returns>An error when the master can't be reached or does not finish within <see cref="ReloadLimit"/>: the outcome is unknown.</returns>
    public async Task<Outcome<ReloadResult>> ReloadAsync(CancellationToken cancellationToken)
    {
        var before = await ShowProcAsync(cancellationToken);
        if (!before.IsOk)
            return new Failure(before.Error);

        var logged = LogFile.Length(logFile);
        var reply = await AskAsync("reload", ReloadLimit, cancellationToken);
        if (!reply.IsOk)
            return new Failure(reply.Error);

        var result = IsSynchronous(before.Value.Master.Version)
            ? await ReadAnswerAsync(reply.Value, cancellationToken)
            : await PollAsync(before.Value.Master.Reloads, logged, cancellationToken);
        Log(result);
        return result;
    }

    private static bool IsSynchronous(string version) =>
        HAProxyVersion.TryParse(version, out var parsed) && parsed.CompareTo(SynchronousSince) >= 0;

    private async Task<Outcome<ReloadResult>> ReadAnswerAsync(string reply, CancellationToken cancellationToken)
    {
        // Success=1 / -- / log
        var lines = reply.Split('\n', 3);
        if (lines[0] is not ("Success=0" or "Success=1"))
            return new Failure($"HAProxy's master at {socketPath} answers a reload with: {reply}");
        var table = await ShowProcAsync(cancellationToken);
        return new ReloadResult(lines[0] == "Success=1", table.Value?.Serving?.Pid, lines.Length > 2 ? lines[2].Trim() : "");
    }

    /// <summary>2.6 closes the connection and starts itself again; its listener stays open and queues us meanwhile.</summary>
    private async Task<Outcome<ReloadResult>> PollAsync(int reloadsBefore, long logged, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        string? trouble = null;
        while (time.GetElapsedTime(started) < ReloadLimit)
        {
            var table = await ShowProcAsync(cancellationToken);
            if (table is { IsOk: true, Value.Master: var master } && master.Reloads > reloadsBefore)
            {
                var serving = table.Value.Serving;
                if (master.FailedReloads > 0 || serving is not null)
                    return new ReloadResult(master.FailedReloads == 0, serving?.Pid, LogFile.Since(logFile, logged));
            }

            trouble = table.Error;
            await Task.Delay(PollInterval, time, cancellationToken);
        }

        return new Failure($"HAProxy's master at {socketPath} did not finish a reload within {ReloadLimit.TotalSeconds} s. {trouble}");
    }

    private async Task<Outcome<string>> AskAsync(string command, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await ExchangeAsync(command, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Failure($"HAProxy's master at {socketPath} did not answer \"{command}\" within {limit.TotalSeconds} s.");
        }
        catch (Exception failure) when (failure is SocketException or ArgumentOutOfRangeException)
        {
            return new Failure($"HAProxy's master at {socketPath} can't be asked \"{command}\": {failure.Message}");
        }
    }

    private async Task<string> ExchangeAsync(string command, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken);
        var line = Encoding.UTF8.GetBytes(command + "\n");
        for (var sent = 0; sent < line.Length;)
            sent += await socket.SendAsync(line.AsMemory(sent), SocketFlags.None, cancellationToken);
        socket.Shutdown(SocketShutdown.Send);

        var reply = new ArrayBufferWriter<byte>(4096);
        while (await socket.ReceiveAsync(reply.GetMemory(4096), SocketFlags.None, cancellationToken) is var count and > 0)
            reply.Advance(count);
        return Encoding.UTF8.GetString(reply.WrittenSpan).TrimEnd('\n');
    }

    private void Log(Outcome<ReloadResult> result)
    {
        if (!result.IsOk)
            LogReloadUnknown(_logger, socketPath, result.Error);
        else if (result.Value.Succeeded)
            LogReloaded(_logger, socketPath, result.Value.WorkerPid?.ToString(CultureInfo.InvariantCulture) ?? "unknown");
        else
            LogReloadRefused(_logger, socketPath, result.Value.Reason);
    }
}
