using MultiCluster.Kubernetes.Decoding;
using Microsoft.Extensions.Logging;

namespace MultiCluster.Kubernetes.Client;

/// <summary>
/// Keeps one kind in one scope up to date: list, watch from the list's resource version, watch again from the last event
/// seen, and list again only when the server no longer knows that version.
/// <para>
/// Unknown is not empty: a failure of any kind is reported and changes nothing, and a list counts only when all its pages
/// have come. Resource versions are passed back as they are. One that goes backwards means that the server's data was set
/// back (an etcd restored from a backup), and a watch from where we were would pass over all that happens until it has caught
/// up: list again.
/// </para>
/// </summary>
internal sealed partial class Reflector : IWatchHandler
{
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(5);

    private readonly string _member;
    private readonly WatchScope _scope;
    private readonly int _index;
    private readonly ClientSwitch _clients;
    private readonly IReflectorOutput _output;
    private readonly ReflectorOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Random _random;
    private readonly ListReader _list;
    private readonly WatchStream _watch;
    private readonly Backoff _backoff;
    private string? _resourceVersion;
    private ApiError? _watchError;
    private bool _progressed;
    private bool _isSetBack;
    private bool _failed;
    private bool _isRecovering;
    private int _server;
    private bool _hasListed;
    private bool _isMissing;
    private CancellationToken _stop;

    /// <param name="index">Of this scope among those of the kind.</param>
    public Reflector(
        string member, ClientSwitch clients, WatchScope scope, int index, IReflectorOutput output,
        ReflectorOptions options, TimeProvider time, ILogger logger, Random random)
    {
        _member = member;
        _clients = clients;
        _scope = scope;
        _index = index;
        _output = output;
        _options = options;
        _time = time;
        _logger = logger;
        _random = random;
        var decoder = new ResourceDecoder();
        _list = new ListReader(scope, decoder);
        _watch = new WatchStream(scope, decoder, time);
        _backoff = new Backoff(options.BackoffBase, options.BackoffCap, random);
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _stop = cancellationToken;
        while (true)
        {
            using var lease = _clients.Take();
            if (lease.Server != _server)
            {
                _server = lease.Server;
                _resourceVersion = null;
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Replaced);
            try
            {
                await StepAsync(lease.Client!, either.Token);
            }
            catch (OperationCanceledException) when (either.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                // Another client has come: what was under way begins anew with it, a watch where this one was.
                _backoff.Reset();
            }
        }
    }

    private async Task StepAsync(KubernetesClient client, CancellationToken cancellationToken)
    {
        var error = _resourceVersion is null ? await ListAsync(client, cancellationToken) : await WatchAsync(client, cancellationToken);
        if (error is null)
            return;
        if (error.IsNotFound && _scope.Path.IsCustom && !_hasListed)
        {
            await ReportMissingTypeAsync(client, cancellationToken);
            return;
        }

        await _output.DisconnectedAsync(_index, Explain(error), _stop);
        if (error.Code == 403)
            await _output.RefusedAsync(_index, _stop);
        _failed = true;
        _isRecovering = true;
        var wait = WaitAfter(error);
        LogFailed(_member, _scope, error, wait.TotalSeconds);
        await Task.Delay(wait, _time, cancellationToken);
    }

    /// <summary>A kind that is not installed, and that nobody has seen here before, has no objects.</summary>
    private async Task ReportMissingTypeAsync(KubernetesClient client, CancellationToken cancellationToken)
    {
        if (!_isMissing)
        {
            _isMissing = true;
            // Where the Gateway API is not installed nobody misses it.
            if (_scope.Path.IsOurs)
            {
                LogMissingType(_member, _scope.Path.QualifiedName, _options.MissingTypeRetry.TotalSeconds);
                _output.Problem(
                    _scope.Path.Kind,
                    $"CRD {_scope.Path.QualifiedName} is not installed in {client.Server}: kubectl apply -k deploy/kubernetes/crds");
            }

            await _output.ListedAsync(_index, [], followsOutage: false, _stop);
            await _output.ConnectedAsync(_index, _stop);
        }

        await Task.Delay(_options.MissingTypeRetry, _time, cancellationToken);
    }

    private string Explain(ApiError error) => error.Code == 403 ? $"{error}; grant list and watch on {_scope.Path.QualifiedName}" : error.ToString();

    ValueTask IWatchHandler.OpenedAsync(CancellationToken cancellationToken) => new(_output.ConnectedAsync(_index, _stop));

    async ValueTask<bool> IWatchHandler.EventAsync(WatchEvent watchEvent, CancellationToken cancellationToken)
    {
        if (watchEvent.ResourceVersion is { Length: > 0 } version && ResourceVersions.IsOlder(version, _resourceVersion!))
        {
            LogSetBack(_member, _scope, version, _resourceVersion!);
            _isSetBack = true;
            return false;
        }

        switch (watchEvent.Type)
        {
            case WatchEventType.Error:
                _watchError = ApiError.From(watchEvent.Status!);
                return false;
            case WatchEventType.Unreadable:
                _watchError = new ApiError(0, ApiError.NotKubernetes, $"watch of {_scope}: {watchEvent.Problem}");
                return false;
            case WatchEventType.Added or WatchEventType.Modified when watchEvent.Resource is { } resource:
                await _output.UpsertedAsync(_index, resource, _stop);
                break;
            case WatchEventType.Deleted when watchEvent.Resource is not null:
                await _output.DeletedAsync(_index, watchEvent.Key, _stop);
                break;
        }

        if (watchEvent.Problem is { } problem)
            LogUnusable(_member, _scope, problem);

        // Only after the event has been taken: a failure on the way replays it.
        if (!string.IsNullOrEmpty(watchEvent.ResourceVersion))
            _resourceVersion = watchEvent.ResourceVersion;
        _progressed = true;
        _isRecovering = false;
        return true;
    }

    private async Task<ApiError?> ListAsync(KubernetesClient client, CancellationToken cancellationToken)
    {
        var result = await _list.ReadAsync(client, cancellationToken);
        if (!result.Succeeded)
            return result.Error;
        var list = result.Value;
        foreach (var problem in list.Problems)
            LogUnusable(_member, _scope, problem);
        LogListed(_member, _scope, list.Items.Length, list.ResourceVersion);
        _hasListed = true;
        if (_isMissing)
            _output.Problem(_scope.Path.Kind, null);
        _isMissing = false;
        await _output.ListedAsync(_index, list.Items, _isRecovering, _stop);
        _isRecovering = false;
        _resourceVersion = list.ResourceVersion;
        return null;
    }

    private async Task<ApiError?> WatchAsync(KubernetesClient client, CancellationToken cancellationToken)
    {
        _watchError = null;
        _progressed = false;
        _isSetBack = false;
        var started = _time.GetTimestamp();
#pragma warning disable CA5394 // spreads load, guards nothing
        var lifetime = _options.WatchLifetime * (1 + _random.NextDouble());
#pragma warning restore CA5394
        var error = await _watch.RunAsync(client, _resourceVersion!, lifetime, _options.WatchSilence, this, cancellationToken) ?? _watchError;
        if (_isSetBack || error is { IsGone: true } or { IsAhead: true })
        {
            // The server has forgotten this version, or is behind it: not a failure of the server, and what we know stays until the
            // list is whole.
            if (error is not null)
                LogExpired(_member, _scope, _resourceVersion!);
            // A server that is behind what it told is not the one that others have been read from since the outage, or not as it was.
            _isRecovering &= error is { IsGone: true };
            _resourceVersion = null;
            // After an outage it is the first word of a server that is well again.
            if (_failed)
                _backoff.Reset();
            _failed = false;
            return _progressed ? null : await PauseBeforeRelistAsync(cancellationToken);
        }

        if (_progressed || _time.GetElapsedTime(started) >= _options.WatchLifetime)
            _backoff.Reset();
        else if (error is null)
            await Task.Delay(_backoff.Next(), _time, cancellationToken);
        return error;
    }

    /// <summary>A server that lists and at once forgets would otherwise be listed in a tight circle.</summary>
    private async Task<ApiError?> PauseBeforeRelistAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(_backoff.Next(), _time, cancellationToken);
        return null;
    }

    private TimeSpan WaitAfter(ApiError error)
    {
        var wait = _backoff.Next();
        if (error.RetryAfter is not { } asked || asked <= wait)
            return wait;
        return asked < LongestRetryAfter ? asked : LongestRetryAfter;
    }
}
