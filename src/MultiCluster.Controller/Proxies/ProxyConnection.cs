using Microsoft.Extensions.Logging;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Runtime;
using MultiCluster.HAProxy.Runtime.Master;
using MultiCluster.HAProxy.Runtime.Processes;
using MultiCluster.HAProxy.Runtime.Sockets;
using MultiCluster.HAProxy.Program;

namespace MultiCluster.Controller.Proxies;

/// <param name="Adopted">It ran before we came.</param>
internal sealed record Opened(RunningHAProxy Running, bool Adopted, Reading Reading)
{
    private readonly ProcessIdentity? _worker = Running.Master is null ? null : ProcessIdentity.Of(Running.WorkerPid);

    /// <summary>Both processes exist; taken for granted when they run in another PID namespace.</summary>
    public bool IsAlive => Running.Master?.IsAlive != false && _worker?.IsAlive != false;
}

/// <param name="Opened">Null when nothing runs and there is no start file to start from.</param>
internal sealed record OpenResult(Opened? Opened);

/// <summary>The I/O of one HAProxy. Its methods are never called two at a time: the instance actor sees to that.</summary>
internal sealed class ProxyConnection(ProxySettings settings, TimeProvider time) : IAsyncDisposable
{
    private readonly HAProxyProcess _process = new(time, settings.Loggers.CreateLogger<HAProxyProcess>());
    private readonly MasterClient _master = new(settings.MasterSocket, time, settings.LogFile, settings.Loggers.CreateLogger<MasterClient>());
    private readonly RuntimeClientOptions _options = new()
    {
        Transcript = settings.Transcript,
        BufferSize = ProgramRenderer.BufferSize,
        Logger = settings.Loggers.CreateLogger<RuntimeClient>(),
    };

    private RuntimeClient? _client;

    /// <summary>Finds HAProxy running, or starts it from the start file.</summary>
    public async Task<Outcome<OpenResult>> OpenAsync(CancellationToken cancellationToken)
    {
        var adoption = await _process.TryAdoptAsync(settings.MasterSocket, settings.Paths.WorkerSocket, cancellationToken);
        if (!adoption.IsOk)
            return new Failure(adoption.Error!);
        var running = adoption.Value!.Running;
        if (running is null)
        {
            if (!settings.State.HasCurrent)
                return new OpenResult(null);
            var started = await StartAsync(cancellationToken);
            if (!started.IsOk)
                return new Failure(started.Error!);
            running = started.Value!;
            return await ConnectAsync(running, adopted: false, cancellationToken);
        }

        return await ConnectAsync(running, adopted: true, cancellationToken);
    }

    public async Task<Outcome<Reading>> ReadAsync(CancellationToken cancellationToken) =>
        await HAProxyReader.ReadAsync(Client, settings.Paths, settings.HasTls, cancellationToken);

    /// <summary>A command that can't be sent gets the reason as its reply, and the others go on.</summary>
    public async Task<string[]> ExecuteAsync(Plan plan, CancellationToken cancellationToken)
    {
        var client = Client;
        var sendable = new List<RuntimeCommand>(plan.Commands.Length);
        string?[] problems = new string?[plan.Commands.Length];
        for (var i = 0; i < problems.Length; i++)
        {
            problems[i] = client.Problem(plan.Commands[i].Command);
            if (problems[i] is null)
                sendable.Add(plan.Commands[i].Command);
        }

        var replies = await client.ExecuteAsync(sendable, cancellationToken);
        if (sendable.Count == problems.Length)
            return replies;
        var next = 0;
        return [.. problems.Select(problem => problem is null ? replies[next++] : $"not sent: {problem}")];
    }

    /// <summary>The start file on disk is what HAProxy runs afterwards, or the old worker goes on.</summary>
    public async Task<Outcome<OpenResult>> ReloadAsync(CancellationToken cancellationToken)
    {
        if (await CheckAsync(cancellationToken) is { } problem)
            return new Failure(problem);
        var reload = await _master.ReloadAsync(cancellationToken);
        if (!reload.IsOk)
            return new Failure(reload.Error!);
        if (!reload.Value!.Succeeded)
            return new Failure($"HAProxy refused to reload and serves on as before: {reload.Value.Reason}");
        await CloseAsync();
        return await OpenAsync(cancellationToken);
    }

    public async Task CloseAsync()
    {
        if (_client is { } client)
            await client.DisposeAsync();
        _client = null;
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private RuntimeClient Client => _client ?? throw new InvalidOperationException("not connected to HAProxy");

    private async Task<Outcome<RunningHAProxy>> StartAsync(CancellationToken cancellationToken)
    {
        if (await CheckAsync(cancellationToken) is { } problem)
            return new Failure(problem);
        var start = new HAProxyStart
        {
            Binary = settings.Binary.Path,
            ConfigPath = settings.State.CurrentConfigPath,
            MasterSocket = settings.MasterSocket,
            WorkerSocket = settings.Paths.WorkerSocket,
            LogFile = settings.LogFile,
            WorkingDirectory = settings.State.Path,
            PidFile = settings.MasterPidFile,
        };
        return await _process.StartAsync(start, cancellationToken);
    }

    private async Task<string?> CheckAsync(CancellationToken cancellationToken)
    {
        var check = await _process.CheckAsync(settings.Binary.Path, settings.State.CurrentConfigPath, cancellationToken);
        if (!check.IsOk)
            return check.Error;
        return check.Value!.IsValid ? null : $"HAProxy refuses the start file: {string.Join("; ", check.Value.Alerts)}";
    }

    private async Task<Outcome<OpenResult>> ConnectAsync(RunningHAProxy running, bool adopted, CancellationToken cancellationToken)
    {
        await CloseAsync();
        PidFile.Write(settings.MasterPidFile, running.MasterPid);
        _client = await RuntimeClient.ConnectAsync(settings.Paths.WorkerSocket, time, _options, cancellationToken);
        var reading = await ReadAsync(cancellationToken);
        return reading.IsOk
            ? new OpenResult(new Opened(running, adopted, reading.Value))
            : new Failure(reading.Error);
    }
}
