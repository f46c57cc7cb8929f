using MultiCluster.Kubernetes.Client;
using Microsoft.Extensions.Logging;

namespace MultiCluster.Kubernetes.Rotation;

/// <summary>
/// Keeps the client of one member at the credentials that its kubeconfig has now, make before break: a new client takes over only when it has shown
/// that it can, and until then, however long, the one before goes on.
/// </summary>
internal sealed partial class CredentialRotation : IDisposable
{
    public const string Subject = "credentials";

    private readonly string _member;
    private readonly KubeConfigSource _source;
    private readonly ProblemBoard _problems;
    private readonly RotationOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CredentialResolver _resolver;
    private readonly SemaphoreSlim _news = new(0, 1);
    private bool _isClosed;
    private string _inUse = "";
    private (string Hash, long At)? _refused;

    public CredentialRotation(string member, KubeConfigSource source, ProblemBoard problems, RotationOptions options, TimeProvider time, ILogger logger)
    {
        _member = member;
        _source = source;
        _problems = problems;
        _options = options;
        _time = time;
        _logger = logger;
        _resolver = new CredentialResolver(time);
        source.Changed += OnChanged;
    }

    /// <summary>The first client, as soon as there is a kubeconfig to make one of. It is not tried: there is none to compare it with.</summary>
    /// <param name="waiting">Told why there is none, once for each reason.</param>
    public async Task<ClientSwitch> StartAsync(Func<string, Task> waiting, CancellationToken cancellationToken)
    {
        var told = "";
        while (true)
        {
            var found = await ReadAsync(cancellationToken);
            if (found.Config is { } config)
            {
                _problems.Set(Subject, null);
                _inUse = ContentHash.Of(config);
                return new ClientSwitch(NewClient(config), owns: true);
            }

            _problems.Set(Subject, found.Error);
            if (!string.Equals(told, found.Error, StringComparison.Ordinal))
            {
                told = found.Error!;
                LogNoCredentials(_member, told);
                await waiting(told);
            }

            await WaitAsync(cancellationToken);
        }
    }

    /// <param name="probe">Null when the client may take over, otherwise why not.</param>
    public async Task RunAsync(ClientSwitch clients, Func<KubernetesClient, CancellationToken, Task<string?>> probe, CancellationToken cancellationToken)
    {
        while (true)
        {
            await WaitAsync(cancellationToken);
            var found = await ReadAsync(cancellationToken);
            if (found.Config is not { } config)
                Report(found.Error!);
            else if (string.Equals(ContentHash.Of(config), _inUse, StringComparison.Ordinal))
                _problems.Set(Subject, null);
            else if (IsDue(ContentHash.Of(config)))
                await TryAsync(clients, config, probe, cancellationToken);
        }
    }

    public void Dispose()
    {
        _source.Changed -= OnChanged;
        lock (_news)
        {
            _isClosed = true;
            _news.Dispose();
        }
    }

    private async Task TryAsync(
        ClientSwitch clients, KubeConfig config, Func<KubernetesClient, CancellationToken, Task<string?>> probe, CancellationToken cancellationToken)
    {
        var hash = ContentHash.Of(config);
        var client = NewClient(config);
        var refusal = await ProbeAsync(client, probe, cancellationToken);
        if (refusal is not null)
        {
            client.Dispose();
            _resolver.Refused();
            _refused = (hash, _time.GetTimestamp());
            Report($"the new credentials of {_source.Description} are not used, those before go on: {refusal}");
            return;
        }

        var isAnother = clients.Client.Server != client.Server;
        clients.Replace(client);
        _inUse = hash;
        _refused = null;
        _problems.Set(Subject, null);
        LogRotated(_member, client.Server, isAnother);
    }

    private async Task<string?> ProbeAsync(
        KubernetesClient client, Func<KubernetesClient, CancellationToken, Task<string?>> probe, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(_options.ProbeTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            return await probe(client, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{client.Server} did not answer within {_options.ProbeTimeout.TotalSeconds:0} s";
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever is wrong with what is new, what was before works.
            LogProbeFailed(_member, e);
            return $"{client.Server} can't be asked with them: {e.Message}";
        }
    }

    private async ValueTask<KubeConfigResult> ReadAsync(CancellationToken cancellationToken)
    {
        var read = _source.Read();
        return read.Config is { } config ? await _resolver.ResolveAsync(config, cancellationToken) : read;
    }

    private KubernetesClient NewClient(KubeConfig config) => new(config, _time) { Unauthorized = Refused };

    /// <summary>A plugin may have another credential; files are read anyway.</summary>
    private void Refused()
    {
        _resolver.Refused();
        Wake();
    }

    private bool IsDue(string hash) =>
        _refused is not { } refused || !string.Equals(refused.Hash, hash, StringComparison.Ordinal) || _time.GetElapsedTime(refused.At) >= _options.Retry;

    private void Report(string problem)
    {
        _problems.Set(Subject, problem);
        LogRefused(_member, problem);
    }

    private void OnChanged(object? sender, EventArgs e) => Wake();

    private void Wake()
    {
        lock (_news)
        {
            if (!_isClosed && _news.CurrentCount == 0)
                _news.Release();
        }
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(_options.Poll, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            await _news.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nobody called: time to look.
        }
    }
}
