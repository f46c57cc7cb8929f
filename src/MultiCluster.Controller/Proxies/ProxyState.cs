using MultiCluster.Controller.Routing;
using MultiCluster.Federation.Settings;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Proxies;

/// <summary>What the instance does next with its HAProxy.</summary>
internal abstract record NextStep
{
    private NextStep()
    {
    }

    /// <param name="Why">For people; null when all is applied.</param>
    public sealed record Idle(string? Why) : NextStep;

    /// <summary>Adopt what runs, or start HAProxy from the start file, which is written first if <paramref name="Publish"/>.</summary>
    public sealed record Open(bool Publish) : NextStep;

    public sealed record Reload(ReloadReason Reason) : NextStep;

    /// <summary>Read all that HAProxy holds.</summary>
    public sealed record Read : NextStep;

    public sealed record Execute(Plan Plan) : NextStep;
}

/// <summary>
/// What is known of one HAProxy and what follows from it: the instance actor does what <see cref="Decide"/> says and reports
/// back. No I/O in here.
/// </summary>
internal sealed class ProxyState(ProxySettings settings)
{
    private readonly List<RoutingDelta> _early = [];
    private Readiness? _readiness;
    private ReloadBlock? _block;
    private ProgramFit _fit;
    private bool _looked;
    private bool _hadStartFile;
    private bool _doubt;
    private bool _flushed;
    private IReadOnlySet<MemberName>? _present;
    private ProgramOptions _options = settings.Options;
    private EquatableArray<TcpPort> _tcp = [];
    private Dictionary<int, string> _unbound = [];
    private EquatableMap _settings = EquatableMap.Empty;
    private EquatableMap _runningSettings = EquatableMap.Empty;
    private ReloadReason? _changedBy;
    private ReloadReason? _reloadingFor;

    /// <summary>Null until we looked whether a HAProxy runs.</summary>
    public Reconciler? Reconciler { get; private set; }

    public StartFileRenderer? Renderer { get; private set; }

    public Opened? Connection { get; private set; }

    /// <summary>
    /// A start file may be written: everything has been read, or HAProxy has nothing that would be missing in it, also if it started from
    /// nothing in this agent's life.
    /// </summary>
    public bool MayPublish => Reconciler is not null && _readiness is { } known
        && (known.IsComplete || (known.MayStart && (!_hadStartFile || (Connection is not null && !_doubt && known.KnowsTheOthers && Reconciler.HoldsNothingBack))));

    public long AppliedVersion { get; private set; }

    /// <summary>What the time is to shares that depend on it.</summary>
    public TimeSpan Now
    {
        get;
        set
        {
            field = value;
            if (Reconciler is { } reconciler)
                reconciler.Desired.Now = value;
        }
    }

    public void OnSnapshot(RoutingDelta table, Readiness readiness)
    {
        Take(table);
        OnReadiness(readiness);
    }

    public void OnReadiness(Readiness readiness)
    {
        _readiness = readiness;
        if (readiness.IsComplete || !_hadStartFile || IsUnaffected(readiness))
        {
            Reconciler?.HoldRemovals(null);
            return;
        }

        Reconciler?.HoldRemovals(new RemovalHold([.. readiness.Missing], !readiness.KnowsTheOthers, readiness.Missing.Contains(Readiness.UnknownMembers))
        {
            OfValues = !readiness.KnowsTheOthers || !readiness.RemembersMissing,
        });
    }

    /// <summary>HAProxy has nothing of those that are missing, such as a member that never could be read: nothing waits for them.</summary>
    private bool IsUnaffected(Readiness readiness) => readiness.MayStart && _present is { } present
        && !readiness.Missing.Any(member => Readiness.IsStandIn(member) || present.Contains(member));

    public void Take(RoutingDelta delta)
    {
        if (!settings.HasTls)
            delta = delta with { Certificates = [] };
        if (Reconciler is null)
            _early.Add(delta);
        else
            Apply(delta);
    }

    private void Apply(RoutingDelta delta)
    {
        Reconciler!.Apply(delta);
        if (!delta.Members.IsEmpty || !Reconciler.Desired.TcpPorts.Equals(_tcp) || Reconciler.Desired.PassesTls != _options.PassesTls)
            UseSettings();
    }

    /// <summary>What members' settings say of proxies counts before the configuration.</summary>
    private void UseSettings()
    {
        _tcp = Reconciler!.Desired.TcpPorts;
        _settings = IngressDefaults.SettingsOf(Reconciler.Desired.Members);
        Use(settings.Options.Over(_settings) with
        {
            TcpPorts = WithUnused(_options.TcpPorts),
            // What was begun for one host stays for the next: to end it would be another reload.
            PassesTls = _options.PassesTls || (settings.HasTls && Reconciler.Desired.PassesTls),
        });
    }

    /// <summary>A port that nobody wants any more costs no reload: nothing leads anywhere from there, and the next reload closes it.</summary>
    private EquatableArray<TcpPort> WithUnused(IEnumerable<TcpPort> before) =>
        [.. _tcp.Concat(before.Where(port => !_tcp.Any(wanted => wanted.Port == port.Port))).OrderBy(static port => port.Port)];

    private void Use(ProgramOptions options)
    {
        if (options == _options)
            return;
        var reason = options == _options with { TcpPorts = options.TcpPorts } ? ReloadReason.PortAdded
            : options == _options with { PassesTls = options.PassesTls } ? ReloadReason.PassthroughBegun
            : ReloadReason.SettingsChanged;
        _options = options;
        CreateRenderer();
        if (Connection is not { } connection)
            return;
        _changedBy ??= reason;
        _fit = FitOf(connection);
    }

    private void CreateRenderer() => Renderer = new StartFileRenderer(_options, settings.Paths, settings.Features, settings.DefaultCertificatePem);

    /// <param name="opened">Null when there is nothing to adopt or to start from.</param>
    public void OnOpened(Opened? opened, bool hadStartFile, int poolSizeOnDisk)
    {
        if (!_looked)
        {
            _looked = true;
            _hadStartFile = hadStartFile || opened is not null;
            Create(opened, Math.Max(poolSizeOnDisk, settings.Options.PoolSize));
        }

        if (opened is null)
            return;
        Connection = opened;
        // What changed while HAProxy reloaded is the next reload, for its own reason.
        var changedBy = _changedBy;
        if (opened.Program is { } program)
            Use(_options with { TcpPorts = WithUnused(ProgramRenderer.TcpPortsOf(program)), PassesTls = _options.PassesTls || ProgramRenderer.PassesTls(program) });
        _fit = FitOf(opened);
        _changedBy = _fit == ProgramFit.Ours ? null : changedBy;
        _reloadingFor = null;
        if (_fit == ProgramFit.Ours)
            _runningSettings = _settings;
        OnRead(opened.Reading);
    }

    public void OnRead(Reading reading)
    {
        _doubt = false;
        Reconciler!.Adopt(reading.Data);
        _present = reading.Data.Members();
        if (_readiness is { } readiness)
            OnReadiness(readiness);
    }

    public void Doubt() => _doubt = true;

    public void OnLost() => Connection = null;

    /// <summary>HAProxy's words about a program, with what may have brought it, by the names that people gave it.</summary>
    public string Explain(string problem)
    {
        var changed = _settings.Concat(_runningSettings).Select(static setting => setting.Key).Distinct(StringComparer.Ordinal)
            .Where(name => _settings.Find(name) != _runningSettings.Find(name)).Order(StringComparer.Ordinal).ToList();
        return changed.Count == 0 ? problem : $"{problem}. Since the program that runs, these settings of haproxy.settings.config-map have changed: {string.Join(", ", changed)}";
    }

    /// <summary>
    /// HAProxy did not start or reload since it can't listen on ports of services: it does without these from now on, until <see cref="TryAllPorts"/>.
    /// </summary>
    /// <param name="words">HAProxy's own.</param>
    /// <returns>Whether that is news, so that another try may do.</returns>
    public bool LeaveOutPorts(string words)
    {
        var said = UnboundPorts.In(words);
        if (Reconciler is null || said.Keys.All(_unbound.ContainsKey))
            return false;
        _unbound = said.Concat(_unbound.Where(port => !said.ContainsKey(port.Key))).ToDictionary();
        Reconciler.LeaveOut(_unbound);
        _tcp = Reconciler.Desired.TcpPorts;
        Use(_options with { TcpPorts = [.. _options.TcpPorts.Where(port => !_unbound.ContainsKey(port.Port))] });
        if (_fit == ProgramFit.Ours)
            _changedBy = null;
        return true;
    }

    public bool LacksPorts => _unbound.Count > 0;

    /// <summary>Ports that others had may be free by now.</summary>
    /// <param name="isFree">A port on an address of haproxy.tcp-services.listen.</param>
    public void TryAllPorts(Func<string, int, bool> isFree)
    {
        var left = _unbound.Where(port => !_options.TcpListen.All(address => isFree(address, port.Key))).ToDictionary();
        if (left.Count == _unbound.Count)
            return;
        _unbound = left;
        Reconciler!.LeaveOut(_unbound);
        UseSettings();
    }

    /// <summary>No further reload until <see cref="AllowReload"/>; everything else goes on.</summary>
    /// <param name="isFileRefused">HAProxy would not start from what we would write.</param>
    public void BlockReload(string problem, bool isFileRefused)
    {
        _block = new ReloadBlock(problem, isFileRefused);
        (_changedBy, _reloadingFor) = (_reloadingFor ?? _changedBy, null);
    }

    public void AllowReload() => _block = null;

    public NextStep Decide()
    {
        if (!_looked)
            return new NextStep.Open(Publish: false);
        if (_readiness is not { } readiness)
            return new NextStep.Idle("waiting for the route table");
        if (Connection is null)
            return Reopen(readiness);
        if (!readiness.MayStart)
            return new NextStep.Idle($"waiting for members {string.Join(", ", readiness.Missing)}; HAProxy serves what it has");
        if (_fit == ProgramFit.Foreign)
            return DueReload(readiness) is { } reason ? Reload(reason) : new NextStep.Idle(Why(readiness));
        return _doubt ? new NextStep.Read() : Work(readiness);
    }

    /// <summary>What HAProxy should be started with now.</summary>
    public HAProxy.Program.StartFile Render() => Renderer!.Render(Reconciler!.Desired, program: null, Reconciler.RefusedCertificates);

    /// <summary>
    /// What HAProxy would be started with if it died now: its program, with newer data. Another program of ours has to pass
    /// HAProxy's check first, at a reload or start.
    /// </summary>
    /// <returns>Null when the file on disk is better than what we could write.</returns>
    public HAProxy.Program.StartFile? RenderRunning() => _fit switch
    {
        ProgramFit.Ours => _block?.IsFileRefused == true ? null : Render(),
        ProgramFit.SameLayout when Connection is { Program: { } program, Reading.Identity: { } identity } && identity.HasTls == settings.HasTls =>
            Renderer!.Render(Reconciler!.Desired, program, Reconciler.RefusedCertificates),
        _ => null,
    };

    /// <summary>Called before the start file for a reload is rendered. It brings all slots that are wanted, whatever it is for.</summary>
    public void PrepareReload()
    {
        Use(_options with { TcpPorts = _tcp });
        (_reloadingFor, _changedBy) = (_changedBy, null);
        Reconciler!.GrowPool(SlotsOf);
    }

    private int SlotsOf(BackendProfile profile) => StartFileRenderer.SlotsOf(_options, profile);

    private NextStep Reopen(Readiness readiness)
    {
        if (MayPublish)
            return new NextStep.Open(Publish: true);
        return _hadStartFile
            ? new NextStep.Open(Publish: false)
            : new NextStep.Idle($"waiting for members {string.Join(", ", readiness.Missing)} before the first start");
    }

    private NextStep Work(Readiness readiness)
    {
        var due = DueReload(readiness);
        if (due is { } already && _flushed)
            return Reload(already);
        var plan = Reconciler!.Next();
        if (!plan.IsEmpty)
        {
            // What can go out now goes before a reload, so that a reload that fails leaves HAProxy as fresh as possible.
            _flushed = true;
            return new NextStep.Execute(plan);
        }

        if ((due ?? DueReload(readiness)) is { } reason)
            return Reload(reason);
        _flushed = false;
        AppliedVersion = Reconciler.Desired.Version;
        return new NextStep.Idle(Why(readiness));
    }

    private ReloadReason? WantedReload => _fit != ProgramFit.Ours ? _changedBy ?? ReloadReason.ProgramChanged
        : Reconciler!.NeedsPool ? ReloadReason.PoolExhausted
        : null;

    private ReloadReason? DueReload(Readiness readiness) => (readiness.IsComplete || IsUnaffected(readiness)) && _block is null ? WantedReload : null;

    /// <summary>Null when all is applied.</summary>
    private string? Why(Readiness readiness)
    {
        if (WantedReload is { } reason)
        {
            var what = reason == ReloadReason.PoolExhausted ? "some backends have no place" : "another program runs";
            return _block is { } block
                ? $"{what}; the reload for it failed and is tried again: {block.Problem}"
                : $"{what}; the reload for it waits for members {string.Join(", ", readiness.Missing)}";
        }

        return readiness.IsComplete || IsUnaffected(readiness) ? null : $"nothing is removed that members {string.Join(", ", readiness.Missing)} may want, until they have been read";
    }

    private NextStep.Reload Reload(ReloadReason reason)
    {
        _flushed = false;
        return new NextStep.Reload(reason);
    }

    private void Create(Opened? opened, int poolSize)
    {
        var held = (opened?.Reading.Data.Map(MapName.Backends) ?? [])
            .Select(static entry => (entry.Key, Key: BackendNames.Parse(entry.Value)))
            .Where(static entry => entry.Item2 is not null)
            .Select(static entry => KeyValuePair.Create(entry.Item1, entry.Item2!));
        var slots = opened?.Reading.Data.CountSlots();
        var pool = new BackendPool(
            settings.Features,
            profile => slots is { Count: > 0 } ? slots.GetValueOrDefault(profile) : profile == default ? poolSize : SlotsOf(profile),
            held);
        settings.Live.Backends = pool.Directory;
        var steering = SteeringOptions.Of(settings.Options) with { LimitsBandwidth = settings.Options.LimitsBandwidth && settings.Features.BandwidthLimits };
        var commands = new Commands(settings.Paths, settings.Options.Checks, settings.Features);
        Reconciler = new Reconciler(
            new DesiredData(pool, steering, FallbackCertificate.Of(settings.DefaultCertificatePem)) { Now = Now }, new Planner(commands, settings.Features));
        CreateRenderer();
        if (_readiness is { } readiness)
            OnReadiness(readiness);
        foreach (var delta in _early)
            Apply(delta);
        _early.Clear();
    }

    /// <summary>Same text and a version with the same abilities: a newer HAProxy on disk comes in with the reload.</summary>
    private ProgramFit FitOf(Opened opened)
    {
        var running = new ProxyVersion(opened.Running.Version.Major, opened.Running.Version.Minor);
        var ours = Renderer!.Identity();
        if (opened.Reading.Identity is not { } identity || identity.Layout != ours.Layout || ProxyFeatures.Of(running) != settings.Features)
            return ProgramFit.Foreign;
        return identity == ours ? ProgramFit.Ours : ProgramFit.SameLayout;
    }

    private enum ProgramFit
    {
        /// <summary>No command of ours would mean anything there.</summary>
        Foreign,

        /// <summary>Another program over the same data: all but the program can be kept up to date.</summary>
        SameLayout,

        Ours,
    }

    private sealed record ReloadBlock(string Problem, bool IsFileRefused);
}
