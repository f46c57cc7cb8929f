namespace MultiCluster.Kubernetes.Client;

/// <summary>Gives the client of an API server that is right now, which may be another one the next time.</summary>
public interface IApiConnection
{
    /// <summary>To be disposed when the request is done.</summary>
    ClientLease Take();
}

/// <summary>A client that stays open until this is disposed; <c>default</c> when there is none yet.</summary>
public readonly struct ClientLease : IDisposable
{
    private readonly ClientSwitch? _owner;
    private readonly ClientSwitch.Tenure? _tenure;
    private readonly KubernetesClient? _client;

    internal ClientLease(ClientSwitch owner, ClientSwitch.Tenure tenure)
    {
        _owner = owner;
        _tenure = tenure;
        _client = tenure.Client;
    }

    internal ClientLease(KubernetesClient client) => _client = client;

    /// <summary>Null when there is none yet, or no longer.</summary>
    public KubernetesClient? Client => _client;

    /// <summary>Grows when a client of another server comes: what one server has said means nothing to the next.</summary>
    internal int Server => _tenure?.Server ?? 0;

    internal CancellationToken Replaced => _tenure?.Replaced.Token ?? CancellationToken.None;

    public void Dispose()
    {
        if (_tenure is not null)
            _owner!.Release(_tenure);
    }
}
