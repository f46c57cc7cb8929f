using Microsoft.Extensions.Logging;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Rotation;

/// <summary>
/// A member read from its API server with credentials that change while it runs. Watches go on from where they are with the new ones; only when the
/// kubeconfig names another server is everything listed anew.
/// </summary>
public sealed class RotatingMember : IMemberSource, IApiConnection, IDisposable
{
    private readonly MemberName _name;
    private readonly KubeConfigSource _source;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ProblemBoard _problems;
    private readonly Lazy<RotatingConnection> _idle;
    private volatile ApiServerMember? _member;
    private volatile ClientSwitch? _clients;

    public RotatingMember(MemberName name, KubeConfigSource source, TimeProvider time, ILogger<RotatingMember> logger)
    {
        _name = name;
        _source = source;
        _time = time;
        _logger = logger;
        _problems = new ProblemBoard(RaiseProblemsChanged);
        _idle = new Lazy<RotatingConnection>(() => new RotatingConnection(
            name.Value, source, Rotation, (client, token) => ClientProbe.RunAsync(client, AllKinds, Namespaces, ConfigMaps, static _ => false, token), time, logger));
    }

    /// <summary>Raised after <see cref="Problems"/> has changed, on any thread.</summary>
    public event EventHandler? ProblemsChanged;

    /// <summary>Only these; empty for all. Kinds without namespaces are always read whole.</summary>
    public IReadOnlyCollection<string> Namespaces { get; init; } = [];

    /// <summary>The kinds to read; Nodes and FederatedIngresses only where they are wanted.</summary>
    public IReadOnlyList<ResourceKind> Kinds { get; init; } = WatchedKinds.Always;

    /// <inheritdoc cref="ApiServerMember.ConfigMaps"/>
    public IReadOnlyList<ObjectKey> ConfigMaps { get; init; } = [];

    public ReflectorOptions Reflectors { get; init; } = new();

    public RotationOptions Rotation { get; init; } = new();

    /// <summary>What is wrong beside the kinds that can't be read.</summary>
    public IReadOnlyList<MemberProblem> Problems => [.. _problems.Problems, .. _member?.Problems ?? []];

    /// <summary>Why credentials are not used, of those that there are now; null while nothing is wrong with them, or nobody has tried.</summary>
    public string? CredentialProblem => _problems.Problems.FirstOrDefault(static problem => problem.Subject == CredentialRotation.Subject)?.Message;

    public string Description => _member?.Description ?? _source.Description;

    /// <summary>
    /// For writing to the member, also from where it is not read: then a connection of its own opens for it. Empty while there is none or no kubeconfig.
    /// </summary>
    public ClientLease Take() => _clients is { } clients ? clients.Take() : _idle.Value.Take();

    /// <summary>Ends what <see cref="Take"/> has opened; a run ends by its token.</summary>
    public void Dispose() => _idle.Value.Dispose();

    /// <summary>Each run reads everything anew; one at a time.</summary>
    public async Task RunAsync(IMemberSink sink, CancellationToken cancellationToken)
    {
        using var rotation = new CredentialRotation(_name.Value, _source, _problems, Rotation, _time, _logger);
        using var clients = await rotation.StartAsync(reason => DisconnectAsync(sink, reason, cancellationToken), cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var member = new ApiServerMember(_name, clients, Namespaces, Reflectors, _time, _logger) { Kinds = Kinds, ConfigMaps = ConfigMaps };
        member.ProblemsChanged += (_, _) => RaiseProblemsChanged();
        (_member, _clients) = (member, clients);
        var tasks = new[]
        {
            member.RunAsync(sink, stop.Token),
            rotation.RunAsync(clients, (client, token) => ClientProbe.RunAsync(client, AllKinds, Namespaces, ConfigMaps, member.IsConnected, token), stop.Token),
        };
        try
        {
            await await Task.WhenAny(tasks);
        }
        finally
        {
            _clients = null;
            await stop.CancelAsync();
            await Task.WhenAll(tasks).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private IReadOnlyList<ResourceKind> AllKinds => WatchedKinds.With(Kinds, ConfigMaps);

    private void RaiseProblemsChanged() => ProblemsChanged?.Invoke(this, EventArgs.Empty);

    private async Task DisconnectAsync(IMemberSink sink, string reason, CancellationToken cancellationToken)
    {
        foreach (var kind in AllKinds)
            await sink.OnEventAsync(new MemberEvent.Disconnected(kind, reason), cancellationToken);
    }
}
