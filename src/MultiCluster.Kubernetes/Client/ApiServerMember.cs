using Microsoft.Extensions.Logging;
using MultiCluster.Kubernetes.Decoding;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Client;

/// <summary>A member read from its API server: list and watch of each kind, each on its own.</summary>
public sealed class ApiServerMember : IMemberSource
{
    private readonly MemberName _name;
    private readonly ClientSwitch _clients;
    private readonly IReadOnlyCollection<string> _namespaces;
    private readonly ReflectorOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ProblemBoard _problems;
    private volatile IReadOnlyList<KindOutput> _outputs = [];

    /// <param name="client">Stays open.</param>
    /// <param name="namespaces">Only these; empty for all. Kinds without namespaces are always read whole.</param>
    public ApiServerMember(
        MemberName name,
        KubernetesClient client,
        IReadOnlyCollection<string> namespaces,
        ReflectorOptions options,
        TimeProvider time,
        ILogger<ApiServerMember> logger)
        : this(name, new ClientSwitch(client, owns: false), namespaces, options, time, logger)
    {
    }

    internal ApiServerMember(
        MemberName name, ClientSwitch clients, IReadOnlyCollection<string> namespaces, ReflectorOptions options, TimeProvider time, ILogger logger)
    {
        _name = name;
        _clients = clients;
        _namespaces = namespaces;
        _options = options;
        _time = time;
        _logger = logger;
        _problems = new ProblemBoard(() => ProblemsChanged?.Invoke(this, EventArgs.Empty));
    }

    /// <summary>Raised after <see cref="Problems"/> has changed, on any thread.</summary>
    public event EventHandler? ProblemsChanged;

    /// <summary>What is wrong beside the kinds that can't be read.</summary>
    public IReadOnlyList<MemberProblem> Problems => _problems.Problems;

    /// <summary>The kinds to read; Nodes and FederatedIngresses only where they are wanted.</summary>
    public IReadOnlyList<ResourceKind> Kinds { get; init; } = WatchedKinds.Always;

    /// <summary>Of ConfigMaps these alone are read, each by its name; one without a name stands for all of its namespace.</summary>
    public IReadOnlyList<ObjectKey> ConfigMaps { get; init; } = [];

    public string Description => _clients.Client.Server.ToString();

    public async Task RunAsync(IMemberSink sink, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var outputs = new List<KindOutput>();
        var reflectors = new List<Task>();
        foreach (var kind in WatchedKinds.With(Kinds, ConfigMaps))
        {
            var scopes = Scopes(kind, _namespaces, ConfigMaps);
            var output = new KindOutput(kind, sink, scopes.Count, _problems);
            outputs.Add(output);
            for (var i = 0; i < scopes.Count; i++)
                reflectors.Add(Reflect(scopes[i], i, output).RunAsync(stop.Token));
        }

        _outputs = outputs;
        try
        {
            // A reflector ends by cancellation or by a bug; one bug must not leave a member half watched.
            await await Task.WhenAny(reflectors);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(reflectors).ContinueWith(
                static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            outputs.ForEach(static output => output.Dispose());
        }
    }

    /// <summary>Whether all watches of a kind are open now.</summary>
    internal bool IsConnected(ResourceKind kind) => _outputs.Any(output => output.Kind == kind && output.IsConnected);

    internal static List<WatchScope> Scopes(ResourceKind kind, IReadOnlyCollection<string> namespaces, IReadOnlyList<ObjectKey> configMaps) =>
        kind == ResourceKind.ConfigMap ? [.. configMaps.Select(static key => key.Name.Length == 0
            ? WatchScope.Of(ResourceKind.ConfigMap, key.Namespace)
            : WatchScope.WithName(ResourcePath.ConfigMaps, ObjectType.Of(ResourceKind.ConfigMap), key.Namespace, key.Name))]
        : ResourcePath.Of(kind).Namespaced && namespaces.Count > 0
            ? [.. namespaces.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(space => WatchScope.Of(kind, space))]
            : [WatchScope.Of(kind, null)];

    private Reflector Reflect(WatchScope scope, int index, KindOutput output) =>
        new(_name.Value, _clients, scope, index, output, _options, _time, _logger, new Random());
}
