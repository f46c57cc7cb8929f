using Microsoft.Extensions.Logging;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Kubernetes.Decoding;
using MultiCluster.Kubernetes.Rotation;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Discovery;

/// <summary>
/// Watches the home cluster for members: Secrets with a label of multicluster-runtime or Istio, and MemberClusters with the Secrets that they refer to.
/// No other Secret is read. What can't be read changes nothing.
/// </summary>
public sealed partial class MemberDiscovery
{
    private const string Home = "home";

    private readonly KubeConfigSource _home;
    private readonly DiscoveryOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <param name="home">Of the cluster that names the members; followed like that of a member.</param>
    public MemberDiscovery(KubeConfigSource home, DiscoveryOptions options, TimeProvider time, ILogger<MemberDiscovery> logger)
    {
        _home = home;
        _options = options;
        _time = time;
        _logger = logger;
    }

    /// <summary>Runs until cancelled; each run tells everything anew.</summary>
    public async Task RunAsync(IDiscoverySink sink, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var run = new Run(this, sink, stop.Token);
        using var rotation = new CredentialRotation(Home, _home, run.Problems, _options.Rotation, _time, _logger);
        using var clients = await rotation.StartAsync(run.FailAsync, cancellationToken);
        run.Start(clients);
        var credentials = rotation.RunAsync(clients, run.ProbeAsync, stop.Token);
        try
        {
            await await Task.WhenAny(run.Failed, credentials);
        }
        finally
        {
            await stop.CancelAsync();
            await run.EndedAsync(credentials);
        }
    }

    /// <summary>One run: reflectors that come and go with what is referred to, and one state, one step at a time.</summary>
    private sealed class Run(MemberDiscovery discovery, IDiscoverySink sink, CancellationToken stop) : IDisposable
    {
        private readonly SemaphoreSlim _turn = new(1);
        private readonly DiscoveryState _state = new(discovery._options.Trust);
        private readonly Dictionary<ObjectKey, (CancellationTokenSource Stop, Task Task)> _referred = [];
        private readonly List<Task> _tasks = [];
        private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private ClientSwitch? _clients;

        /// <summary>Ends only by a bug, as a failure.</summary>
        public Task Failed => _failed.Task;

        /// <summary>Of the credentials for the home cluster.</summary>
        public ProblemBoard Problems => field ??= new ProblemBoard(OnProblems);

        private IEnumerable<(SourceObjects Objects, WatchScope Scope)> Wanted()
        {
            var options = discovery._options;
            if (options.LabelledSecrets)
                yield return (_state.Labelled, WatchScope.WithLabel(ResourcePath.Secrets, ObjectType.KubeConfigSecret, options.SecretNamespace, DiscoveryOptions.SecretLabel));
            if (options.IstioSecrets)
                yield return (_state.Istio, WatchScope.WithLabel(ResourcePath.Secrets, ObjectType.KubeConfigSecret, options.SecretNamespace, DiscoveryOptions.IstioLabel));
            if (options.MemberClusters)
                yield return (_state.Clusters, WatchScope.Of(ResourceKind.MemberCluster, null));
        }

        public void Start(ClientSwitch clients)
        {
            _clients = clients;
            foreach (var source in _state.Sources.Except(Wanted().Select(static wanted => wanted.Objects)))
                source.List([]);
            foreach (var (source, scope) in Wanted())
                _tasks.Add(ReflectAsync(scope, new SourceOutput(this, source), stop));
        }

        /// <summary>There are no credentials to read anything with.</summary>
        public Task FailAsync(string _) => StepAsync(() =>
        {
            foreach (var source in _state.Sources)
                source.Settle();
        });

        /// <summary>What can be read now has to be readable with new credentials.</summary>
        public Task<string?> ProbeAsync(KubernetesClient client, CancellationToken cancellationToken) => ClientProbe.RunAsync(
            client, Wanted().Select(static wanted => (wanted.Scope, wanted.Objects is { IsListed: true, Failure: null })), cancellationToken);

        public async Task StepAsync(Action change)
        {
            await _turn.WaitAsync(stop);
            try
            {
                change();
                var events = _state.TakeEvents();
                Follow();
                foreach (var discoveryEvent in events)
                {
                    discovery.Log(discoveryEvent);
                    await sink.OnEventAsync(discoveryEvent, stop);
                }
            }
            finally
            {
                _turn.Release();
            }
        }

        public async Task EndedAsync(Task credentials)
        {
            foreach (var (source, _) in _referred.Values)
                await source.CancelAsync();
            await Task.WhenAll([credentials, .. _tasks, .. _referred.Values.Select(static entry => entry.Task)]).ContinueWith(
                static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        public void Dispose()
        {
            foreach (var (source, _) in _referred.Values)
                source.Dispose();
            _turn.Dispose();
        }

        private void OnProblems()
        {
            var problem = Problems.Problems is [var first, ..] ? first.Message : null;
            _ = StepAsync(() => _state.Credentials = problem).ContinueWith(
                static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        /// <summary>A watch for each Secret that is referred to, as kubelet has it.</summary>
        private void Follow()
        {
            foreach (var key in _referred.Keys.Except(_state.Wanted).ToList())
            {
                _referred.Remove(key, out var old);
                old.Stop.Cancel();
                _tasks.Add(old.Task);
            }

            foreach (var key in _state.Wanted.Where(key => !_referred.ContainsKey(key)).ToList())
            {
                var source = CancellationTokenSource.CreateLinkedTokenSource(stop);
                var scope = WatchScope.WithName(ResourcePath.Secrets, ObjectType.KubeConfigSecret, key.Namespace, key.Name);
                _referred.Add(key, (source, ReflectAsync(scope, new ReferenceOutput(this, _state, key), source.Token)));
            }
        }

        private async Task ReflectAsync(WatchScope scope, IReflectorOutput output, CancellationToken cancellationToken)
        {
            // Not in the caller's step.
            await Task.Yield();
            var reflector = new Reflector(
                Home, _clients!, scope, 0, output, discovery._options.Reflectors, discovery._time, discovery._logger, new Random());
            try
            {
                await reflector.RunAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The end of the run, or nobody refers to it any more.
            }
            catch (Exception e)
            {
                _failed.TrySetException(e);
                throw;
            }
        }
    }
}
