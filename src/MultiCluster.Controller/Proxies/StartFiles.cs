using MultiCluster.HAProxy.Runtime;
using MultiCluster.HAProxy.Runtime.Processes;
using MultiCluster.HAProxy.Runtime.State;
using StartFile = MultiCluster.HAProxy.Program.StartFile;

namespace MultiCluster.Controller.Proxies;

/// <param name="Running">Null when there is nothing to start from.</param>
/// <param name="Version">Of the start file that was written for this start; null when HAProxy started from another one.</param>
/// <param name="FellBack">Why the newest start file did not do; null when it did.</param>
internal sealed record Started(RunningHAProxy? Running, long? Version, string? FellBack);

/// <summary>
/// Which generation of start files is current while HAProxy starts: a new one only after HAProxy found it good, and one
/// before when HAProxy does not come up from it, for HAProxy must come up.
/// </summary>
internal sealed class StartFiles(ProxySettings settings, HAProxyProcess process)
{
    private StateDirectory State => settings.State;

    /// <summary>Writes, checks and makes current.</summary>
    /// <returns>Null, or why the start file before stays.</returns>
    public async Task<string?> PromoteAsync(StartFile file, CancellationToken cancellationToken)
    {
        var staged = await Task.Run(() => StartFileWriter.Stage(State, file), cancellationToken);
        if (!staged.IsOk)
            return staged.Error;
        var problem = await StartFileCheck.RunAsync(settings, process, staged.Value.Directory, cancellationToken)
            ?? State.MakeCurrent(staged.Value.Generation);
        if (problem is not null)
            State.Discard(staged.Value.Generation);
        return problem;
    }

    /// <param name="fresh">To start from if HAProxy takes it; null for what is on disk.</param>
    public async Task<Outcome<Started>> StartAsync(StartFile? fresh, CancellationToken cancellationToken)
    {
        var trouble = fresh is null ? null : await PromoteAsync(fresh, cancellationToken);
        if (State.Current is not { } newest)
            return trouble is null ? new Started(null, null, null) : new Failure(trouble);
        var isChecked = fresh is not null && trouble is null;
        foreach (var generation in (int[])[newest, .. State.Earlier])
        {
            if (generation != newest && State.MakeCurrent(generation) is not null)
                break;
            var started = await StartCurrentAsync(isChecked, cancellationToken);
            if (started.IsOk)
            {
                State.MarkProven();
                return new Started(started.Value, trouble is null ? fresh?.Version : null, trouble);
            }

            trouble ??= started.Error;
            isChecked = false;
        }

        // Nothing helps, so it is not the files: the newest stays.
        State.MakeCurrent(newest);
        return new Failure(trouble!);
    }

    private async Task<Outcome<RunningHAProxy>> StartCurrentAsync(bool isChecked, CancellationToken cancellationToken)
    {
        if (!isChecked && StartFileCheck.Problem(await process.CheckAsync(settings.Binary.Path, State.CurrentConfigPath, cancellationToken)) is { } problem)
            return new Failure(problem);
        var start = new HAProxyStart
        {
            Binary = settings.Binary.Path,
            ConfigPath = State.CurrentConfigPath,
            MasterSocket = settings.MasterSocket,
            WorkerSocket = settings.Paths.WorkerSocket,
            LogFile = settings.LogFile,
            WorkingDirectory = State.Path,
            PidFile = settings.MasterPidFile,
        };
        return await process.StartAsync(start, cancellationToken);
    }
}
