using Microsoft.Extensions.Logging;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Runtime;
using MultiCluster.HAProxy.Runtime.Logs;
using MultiCluster.HAProxy.Runtime.Master;
using MultiCluster.HAProxy.Runtime.Mirrors;
using MultiCluster.HAProxy.Runtime.Passwords;
using MultiCluster.HAProxy.Runtime.Processes;
using MultiCluster.HAProxy.Runtime.Sockets;

namespace MultiCluster.Controller.Proxies;

/// <param name="Adopted">It ran before we came.</param>
/// <param name="Program">Text of the program it runs; null when that is not known.</param>
internal sealed record Opened(RunningHAProxy Running, bool Adopted, Reading Reading, string? Program = null)
{
    private readonly ProcessIdentity? _worker = Running.Master is null ? null : ProcessIdentity.Of(Running.WorkerPid);

    /// <summary>Both processes exist; taken for granted when they run in another PID namespace.</summary>
    public bool IsAlive => Running.Master?.IsAlive != false && _worker?.IsAlive != false;
}

/// <param name="Opened">Null when nothing runs and there is no start file to start from.</param>
/// <param name="StartFileVersion">Of the start file that was written for this start.</param>
/// <param name="FellBack">Why HAProxy was started from an earlier start file; null when it was not.</param>
internal sealed record OpenResult(Opened? Opened, long? StartFileVersion = null, string? FellBack = null);

/// <param name="Problem">Null when HAProxy runs the new start file.</param>
/// <param name="IsFileRefused">HAProxy was not asked to reload, since the start file does not pass its check; the connection is as before.</param>
/// <param name="Opened">What serves now, connected anew; null when that is not known or the connection is as before.</param>
internal sealed record ReloadAttempt(string? Problem, bool IsFileRefused, Opened? Opened)
{
    /// <summary>All that HAProxy said.</summary>
    public string Words { get; init; } = "";
}

/// <summary>The I/O of one HAProxy. Its methods are never called two at a time: the instance actor sees to that.</summary>
internal sealed class ProxyConnection : IAsyncDisposable
{
    private readonly ProxySettings _settings;
    private readonly TimeProvider _time;
    private readonly HAProxyProcess _process;
    private readonly StartFiles _startFiles;
    private readonly MasterClient _master;
    private readonly ILogger _logger;
    private readonly RuntimeClientOptions _options;
    private RuntimeClient? _client;
    private PasswordListener? _passwords;
    private CopyListener? _copies;
    private LogListener? _log;

    public ProxyConnection(ProxySettings settings, TimeProvider time)
    {
        _settings = settings;
        _time = time;
        _process = new HAProxyProcess(time, settings.Loggers.CreateLogger<HAProxyProcess>());
        _startFiles = new StartFiles(settings, _process);
        _master = new MasterClient(settings.MasterSocket, time, settings.LogFile, settings.Loggers.CreateLogger<MasterClient>());
        _logger = settings.Loggers.CreateLogger<HAProxyInstance>();
        _options = new RuntimeClientOptions
        {
            Transcript = settings.Transcript,
            BufferSize = ProgramRenderer.BufferSize,
            Logger = settings.Loggers.CreateLogger<RuntimeClient>(),
        };
    }

    private RuntimeClient Client => _client ?? throw new InvalidOperationException("not connected to HAProxy");

    /// <summary>Finds HAProxy running, or starts it.</summary>
    /// <param name="fresh">To start it from, if it does not run; null for the start file on disk.</param>
    public async Task<Outcome<OpenResult>> OpenAsync(StartFile? fresh, CancellationToken cancellationToken)
    {
        await TellPasswordsAsync(cancellationToken);
        await TakeCopiesAsync(cancellationToken);
        await TakeLinesAsync(cancellationToken);
        var adoption = await _process.TryAdoptAsync(_settings.MasterSocket, _settings.Paths.WorkerSocket, cancellationToken);
        if (!adoption.IsOk)
            return new Failure(adoption.Error);
        if (adoption.Value.Running is { } running)
        {
            var adopted = await ConnectAsync(running, adopted: true, cancellationToken);
            return adopted.IsOk ? new OpenResult(adopted.Value) : new Failure(adopted.Error);
        }

        var start = await _startFiles.StartAsync(fresh, cancellationToken);
        if (!start.IsOk)
            return new Failure(start.Error);
        if (start.Value.Running is null)
            return new OpenResult(null);
        var started = await ConnectAsync(start.Value.Running, adopted: false, cancellationToken);
        return started.IsOk ? new OpenResult(started.Value, start.Value.Version, start.Value.FellBack) : new Failure(started.Error);
    }

    public async Task<Outcome<Reading>> ReadAsync(CancellationToken cancellationToken) =>
        await HAProxyReader.ReadAsync(Client, _settings, cancellationToken);

    /// <param name="backends">That HAProxy has.</param>
    /// <returns>By backend, the servers that fail their checks.</returns>
    public async Task<Outcome<Dictionary<string, IReadOnlySet<string>>>> HealthAsync(IReadOnlyList<string> backends, CancellationToken cancellationToken) =>
        await HAProxyReader.HealthAsync(Client, backends, cancellationToken);

    /// <summary>What is under way, by server.</summary>
    public async Task<Outcome<ServerLoads>> CountAsync(CancellationToken cancellationToken) =>
        await HAProxyReader.CountAsync(Client, cancellationToken);

    /// <summary>A subject with a command that can't be sent gets none of its commands, and the others go on.</summary>
    public async Task<Exchange> ExecuteAsync(Plan plan, CancellationToken cancellationToken)
    {
        var client = Client;
        Dictionary<Subject, string>? problems = null;
        var sendable = new List<RuntimeCommand>(plan.Commands.Length);
        foreach (var planned in plan.Commands)
        {
            if (client.Problem(planned.Command) is { } problem)
                (problems ??= []).TryAdd(planned.Subject, $"\"{planned.Command.Line}\" can't be sent: {problem}");
            sendable.Add(planned.Command);
        }

        if (problems is null)
            return new Exchange(await client.ExecuteAsync(sendable, cancellationToken), []);
        sendable = [.. plan.Commands.Where(planned => !problems.ContainsKey(planned.Subject)).Select(static planned => planned.Command)];
        var replies = await client.ExecuteAsync(sendable, cancellationToken);
        var next = 0;
        return new Exchange(
            [.. plan.Commands.Select(planned => problems.ContainsKey(planned.Subject) ? null : replies[next++])],
            [.. problems.Select(static problem => new RefusedSubject(problem.Key, problem.Value))]);
    }

    /// <summary>HAProxy runs <paramref name="file"/> afterwards, or goes on as before and would start again as before.</summary>
    public async Task<ReloadAttempt> ReloadAsync(StartFile file, CancellationToken cancellationToken)
    {
        var before = _settings.State.Current;
        if (await _startFiles.PromoteAsync(file, cancellationToken) is { } refusal)
            return new ReloadAttempt(refusal, IsFileRefused: true, null);
        string? problem = "the outcome is unknown";
        var words = "";
        try
        {
            var reload = await _master.ReloadAsync(cancellationToken);
            problem = reload.IsOk && reload.Value.Succeeded
                ? null
                : reload.Error ?? $"HAProxy refused to reload and serves on as before: {reload.Value!.Reason}";
            words = reload.Value?.Log ?? "";
            await CloseAsync();
            if (!reload.IsOk)
                return new ReloadAttempt(problem, IsFileRefused: false, null);
        }
        finally
        {
            if (problem is null)
                _settings.State.MarkProven();
            else if (before is { } generation)
                _settings.State.MakeCurrent(generation);
        }

        var open = await OpenAsync(null, cancellationToken);
        return new ReloadAttempt(problem, IsFileRefused: false, open.Value?.Opened) { Words = words };
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        if (_passwords is { } passwords)
            await passwords.DisposeAsync();
        if (_copies is { } copies)
            await copies.DisposeAsync();
        if (_log is { } log)
            await log.DisposeAsync();
    }

    /// <summary>Without it accounts with hashes of crypt(3) get in nowhere, and all else is served.</summary>
    private async Task TellPasswordsAsync(CancellationToken cancellationToken)
    {
        if (_passwords is not null)
            return;
        var isOther = _settings.Options.User is not null;
        if (isOther)
            _settings.State.LetPass();
        var passwords = await PasswordListener.StartAsync(
            _settings.Paths.PasswordSocket, isOther, _time, _settings.Loggers.CreateLogger<PasswordListener>(), cancellationToken);
        if (passwords.IsOk)
            _passwords = passwords.Value;
        else
            HAProxyInstance.LogNoPasswords(_logger, _settings.Name, passwords.Error);
    }

    /// <summary>Without it no request is mirrored, and all else is served.</summary>
    private async Task TakeCopiesAsync(CancellationToken cancellationToken)
    {
        if (_copies is not null)
            return;
        var copies = await CopyListener.StartAsync(
            _settings.Paths.MirrorSocket, _settings.Options.User is not null, _time, _settings.Loggers.CreateLogger<CopyListener>(), cancellationToken);
        if (copies.IsOk)
            _copies = copies.Value;
        else
            HAProxyInstance.LogNoCopies(_logger, _settings.Name, copies.Error);
    }

    /// <summary>Without it HAProxy keeps what its ring has room for, and all is served.</summary>
    private async Task TakeLinesAsync(CancellationToken cancellationToken)
    {
        if (_log is not null || _settings.Options.LogReceiver is not { } receiver)
            return;
        var log = await LogListener.StartAsync(
            _settings.Paths.LogSocket, _settings.Options.User is not null, _settings.Name, receiver, _settings.Accesses, _time, _settings.Loggers.CreateLogger<LogListener>(), cancellationToken);
        if (log.IsOk)
            _log = log.Value;
        else
            HAProxyInstance.LogNoLines(_logger, _settings.Name, log.Error);
    }

    private async Task CloseAsync()
    {
        if (_client is { } client)
            await client.DisposeAsync();
        _client = null;
    }

    private async Task<Outcome<Opened>> ConnectAsync(RunningHAProxy running, bool adopted, CancellationToken cancellationToken)
    {
        await CloseAsync();
        if (PidFile.Write(_settings.MasterPidFile, running.MasterPid) is { } trouble)
            HAProxyInstance.LogNoPidFile(_logger, _settings.Name, trouble);
        _client = await RuntimeClient.ConnectAsync(_settings.Paths.WorkerSocket, _time, _options, cancellationToken);
        var reading = await ReadAsync(cancellationToken);
        if (!reading.IsOk)
            return new Failure(reading.Error);
        var program = reading.Value.Identity is { } identity ? StartFileWriter.ReadProgram(_settings.State, identity) : null;
        return new Opened(running, adopted, reading.Value, program);
    }
}

/// <param name="Replies">Of each command of the plan; null for those that were not sent.</param>
/// <param name="NotSent">Whose they are, and why.</param>
internal sealed record Exchange(IReadOnlyList<string?> Replies, IReadOnlyList<RefusedSubject> NotSent);
