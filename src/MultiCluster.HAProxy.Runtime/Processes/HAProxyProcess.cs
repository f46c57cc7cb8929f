using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.HAProxy.Runtime.Sockets;

namespace MultiCluster.HAProxy.Runtime.Processes;

/// <summary>Checks, starts, adopts and stops a HAProxy that outlives us.</summary>
public sealed partial class HAProxyProcess(TimeProvider time, ILogger? logger = null)
{
    private static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AdoptLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private readonly ILogger _logger = logger ?? NullLogger.Instance;

    /// <summary>Runs <c>haproxy -c</c>. An error means that the check itself could not be made.</summary>
    public async Task<Outcome<ConfigurationCheck>> CheckAsync(string binary, string configPath, CancellationToken cancellationToken)
    {
        var run = await CommandRun.ExecuteAsync(binary, ["-c", "-f", configPath], CheckLimit, time, cancellationToken);
        if (!run.IsOk)
            return new Failure(run.Error);

        var check = new ConfigurationCheck(
            run.Value.ExitCode == 0, LogFile.Lines(run.Value.Errors, "[ALERT]"), LogFile.Lines(run.Value.Errors, "[WARNING]"));
        if (!check.IsValid)
            LogInvalid(_logger, configPath, check.Alerts.Count > 0 ? check.Alerts[0] : $"exit code {run.Value.ExitCode}");
        return check;
    }

    /// <summary>
    /// Starts HAProxy in a session of its own, so that no signal to us or our terminal reaches it, and waits until both sockets answer.
    /// </summary>
    public async Task<Outcome<RunningHAProxy>> StartAsync(HAProxyStart start, CancellationToken cancellationToken)
    {
        foreach (var socket in new[] { start.MasterSocket, start.WorkerSocket })
        {
            if ((UnixSocketPath.Problem(socket) ?? await UnixSocketPath.RemoveStaleAsync(socket, cancellationToken)) is { } problem)
                return new Failure(problem);
        }

        var logged = LogFile.Length(start.LogFile);
        var launched = DetachedProcess.Launch(start);
        if (!launched.IsOk)
            return new Failure(launched.Error);

        using var process = launched.Value;
        if (start.PidFile is { } file && PidFile.Write(file, process.Id) is { } trouble)
            LogNoPidFile(_logger, trouble);
        LogStarting(_logger, start.Binary, start.ConfigPath);
        var running = await AwaitAnswersAsync(start, process, logged, cancellationToken);
        if (running.IsOk)
            LogStarted(_logger, running.Value.Version.Text, running.Value.MasterPid, running.Value.WorkerPid);
        else
            LogStartFailed(_logger, start.ConfigPath, running.Error);
        return running;
    }

    /// <summary>Finds the HAProxy behind a master socket, without disturbing it.</summary>
    /// <returns>An error when somebody listens, but does not answer as a HAProxy with that worker socket would.</returns>
    public async Task<Outcome<Adoption>> TryAdoptAsync(string masterSocket, string workerSocket, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            if (!await HAProxyProbe.IsListeningAsync(masterSocket, cancellationToken))
                return new Adoption(null);

            var running = await HAProxyProbe.AskAsync(masterSocket, workerSocket, time, cancellationToken);
            if (running.IsOk)
            {
                LogAdopted(_logger, running.Value.Version.Text, running.Value.MasterPid, running.Value.WorkerPid, running.Value.Reloads);
                return new Adoption(running.Value);
            }

            // Somebody else's reload may be under way.
            if (time.GetElapsedTime(started) > AdoptLimit)
                return new Failure($"A process listens on {masterSocket} but can't be adopted: {running.Error}");
            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }

    /// <param name="graceful">Listeners close, connections may finish; otherwise all end at once.</param>
    /// <param name="limit">After it the master and its workers are killed.</param>
    public async Task<StopOutcome> StopAsync(ProcessIdentity master, bool graceful, TimeSpan limit, CancellationToken cancellationToken)
    {
        var workers = master.Children();
        if (!master.Signal(graceful ? NativeMethods.SignalUser1 : NativeMethods.SignalTerminate))
            return StopOutcome.AlreadyGone;

        LogStopping(_logger, master.Pid, graceful);
        if (await AwaitEndAsync(master, limit, cancellationToken))
            return StopOutcome.Stopped;

        LogKilling(_logger, master.Pid, limit.TotalSeconds);
        foreach (var process in workers.Prepend(master))
            process.Signal(NativeMethods.SignalKill);
        await AwaitEndAsync(master, AdoptLimit, cancellationToken);
        return StopOutcome.Killed;
    }

    private async Task<Outcome<RunningHAProxy>> AwaitAnswersAsync(
        HAProxyStart start, DetachedProcess process, long logged, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var exited = process.ExitCode;
            var running = await HAProxyProbe.AskAsync(start.MasterSocket, start.WorkerSocket, time, cancellationToken);
            if (running.IsOk)
                return running;
            if (exited is { } code)
                return new Failure($"HAProxy ended with exit code {code}: {Complaint(start.LogFile, logged)}");
            if (time.GetElapsedTime(began) > start.Deadline)
            {
                process.Kill();
                return new Failure($"HAProxy did not answer within {start.Deadline.TotalSeconds} s and was killed: {running.Error}");
            }

            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }

    private async Task<bool> AwaitEndAsync(ProcessIdentity process, TimeSpan limit, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (process.IsAlive)
        {
            if (time.GetElapsedTime(began) > limit)
                return false;
            await Task.Delay(PollInterval, time, cancellationToken);
        }

        return true;
    }

    private static string Complaint(string logFile, long offset)
    {
        var text = LogFile.Since(logFile, offset);
        var alerts = LogFile.Lines(text, "[ALERT]");
        return alerts.Count > 0 ? string.Join("; ", alerts) : $"{text} (see {logFile})";
    }
}
