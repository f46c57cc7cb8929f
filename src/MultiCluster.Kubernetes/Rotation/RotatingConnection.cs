using Microsoft.Extensions.Logging;
using MultiCluster.Kubernetes.Client;

namespace MultiCluster.Kubernetes.Rotation;

/// <summary>
/// A way to write to an API server from where it is not read, with credentials that are followed. It opens with the first who takes it, who gets nothing
/// yet, and stays open until it is disposed.
/// </summary>
/// <param name="probe">Null when a new client may take over, otherwise why not.</param>
internal sealed class RotatingConnection(
    string name,
    KubeConfigSource source,
    RotationOptions options,
    Func<KubernetesClient, CancellationToken, Task<string?>> probe,
    TimeProvider time,
    ILogger logger) : IApiConnection, IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private volatile ClientSwitch? _clients;
    private Task? _run;

    public ClientLease Take()
    {
        Open();
        return _clients?.Take() ?? default;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_stop.IsCancellationRequested)
                return;
            _stop.Cancel();
            // The run reads only its token, which outlives this.
            _stop.Dispose();
        }
    }

    private void Open()
    {
        lock (_lock)
        {
            if (_run is not null || _stop.IsCancellationRequested)
                return;
            var token = _stop.Token;
            _run = Task.Run(() => RunAsync(token), CancellationToken.None);
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        using var rotation = new CredentialRotation(name, source, new ProblemBoard(static () => { }), options, time, logger);
        try
        {
            using var clients = await rotation.StartAsync(static _ => Task.CompletedTask, cancellationToken);
            _clients = clients;
            await rotation.RunAsync(clients, probe, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Disposed.
        }
        finally
        {
            _clients = null;
            lock (_lock)
                _run = null;
        }
    }
}
