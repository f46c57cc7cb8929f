using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;
using MultiCluster.Persistence.Leases;

namespace MultiCluster.Controller.Leases;

/// <summary>
/// One coordination.k8s.io/v1 Lease per record, in one namespace of one cluster: etcd, behind the API server, compares and swaps. README.md says which
/// rights that takes and what it costs. Thread-safe.
/// </summary>
public sealed partial class KubernetesLeaseStore : ILeaseStore, IDisposable
{
    private readonly KubernetesLeaseOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<KubernetesLeaseStore> _logger;
    private readonly KubernetesClient _client;
    private readonly LeaseClient _leases;
    private readonly LeaseMapping _mapping;
    private readonly LeaseRefusals _refusals;
    private ImmutableHashSet<string> _problems = [];

    private KubernetesLeaseStore(KubeConfig config, string inNamespace, KubernetesLeaseOptions options, TimeProvider time, ILogger<KubernetesLeaseStore> logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _client = new KubernetesClient(config, time, Timing(options));
        _leases = new LeaseClient(_client, inNamespace);
        _mapping = new LeaseMapping(options.ClusterName, inNamespace, options.LeaseTtl, time);
        _refusals = new LeaseRefusals(inNamespace, config.Server, config.Source);
    }

    /// <summary>For messages: where the leases are.</summary>
    public string Description => _refusals.What(null);

    /// <summary>Asks nothing of the API server yet.</summary>
    public static KubernetesLeaseStoreResult Open(KubernetesLeaseOptions options, TimeProvider time, ILogger<KubernetesLeaseStore> logger)
    {
        if (!DnsNames.IsLabel(options.ClusterName))
        {
            return new(null, $"cluster name \"{options.ClusterName}\" can't name Lease objects: need 1 to {DnsNames.MaxLabelLength} lower-case letters, digits "
                + "and '-', with a letter or digit at both ends");
        }

        var (config, error) = options.KubeConfig is { } path ? KubeConfig.Load(path, options.Context) : KubeConfig.InCluster();
        if (config is null)
            return new(null, error);
        if ((options.Namespace ?? config.Namespace) is not { } inNamespace)
            return new(null, $"no namespace for the leases is given, and {config.Source} names none: give one");
        return DnsNames.IsLabel(inNamespace)
            ? new(new KubernetesLeaseStore(config, inNamespace, options, time, logger), null)
            : new(null, $"namespace \"{inNamespace}\" for the leases is no DNS-1123 label");
    }

    public async ValueTask<ImmutableArray<LeaseRecord>> ReadAllAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var list = await BoundedAsync("list", token => _leases.ListAsync(_mapping.Selector, token), cancellationToken);
        if (!list.Succeeded)
            throw _refusals.Of("list", null, list.Error);
        var records = ImmutableArray.CreateBuilder<LeaseRecord>(list.Value.Items.Length);
        var problems = list.Value.Problems.ToImmutableHashSet(StringComparer.Ordinal);
        foreach (var lease in list.Value.Items)
        {
            if (_mapping.KeyOf(lease) is { } key)
                records.Add(LeaseMapping.ToRecord(key, lease));
            if (ProblemOf(lease) is { } problem)
                problems = problems.Add(problem);
        }

        Report(problems);
        records.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        return records.DrainToImmutable();
    }

    public async ValueTask<ImmutableArray<LeaseWriteResult>> WriteAsync(IReadOnlyList<LeaseWrite> writes, CancellationToken cancellationToken)
    {
        LeaseRules.Check(writes);
        cancellationToken.ThrowIfCancellationRequested();
        if (writes.Count == 0)
            return [];
        var results = new LeaseWriteResult[writes.Count];
        await BoundedAsync("write", token => WriteAsync(writes, results, token), cancellationToken);
        return [.. results];
    }

    public void Dispose() => _client.Dispose();

    private async Task<T> BoundedAsync<T>(string verb, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            return await call(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw _refusals.Timeout(verb, _options.Timeout);
        }
    }

    /// <summary>A dead connection must not outlast a lease.</summary>
    private static ConnectionTiming Timing(KubernetesLeaseOptions options) => new()
    {
        ConnectTimeout = options.Timeout,
        PingAfter = TimeSpan.FromSeconds(1),
        PingTimeout = TimeSpan.FromSeconds(1),
    };

    private string? ProblemOf(LeaseObject lease)
    {
        var what = _refusals.What(lease.Meta.Key.Name);
        if (_mapping.KeyOf(lease) is null)
            return $"{what} has the label of this cluster but is none of its records; it is passed over, delete it";
        return lease.Meta.Annotations.Find(LeaseMapping.ValueAnnotation) is null
            ? $"{what} has lost its annotation {LeaseMapping.ValueAnnotation}; nobody takes what it stands for until it is deleted or put back"
            : null;
    }

    /// <summary>Each problem once, and again when it comes back.</summary>
    private void Report(ImmutableHashSet<string> problems)
    {
        foreach (var problem in problems.Except(Interlocked.Exchange(ref _problems, problems)))
            LogProblem(_logger, problem);
    }
}
