namespace MultiCluster.Kubernetes.Client;

/// <summary>
/// The client that several reflectors use, and that can be replaced while they do. A client that has been replaced is closed when the last of them
/// has moved on.
/// </summary>
internal sealed class ClientSwitch : IApiConnection, IDisposable
{
    private readonly Lock _lock = new();
    private readonly bool _owns;
    private Tenure _current;
    private bool _isClosed;

    /// <param name="owns">Whether clients are closed when they have been replaced and at the end.</param>
    public ClientSwitch(KubernetesClient first, bool owns)
    {
        _owns = owns;
        _current = new Tenure(first, 0) { Users = 1 };
    }

    public KubernetesClient Client
    {
        get
        {
            lock (_lock)
                return _current.Client;
        }
    }

    public ClientLease Take()
    {
        lock (_lock)
        {
            if (_isClosed)
                return default;
            _current.Users++;
            return new ClientLease(this, _current);
        }
    }

    /// <summary>Whoever has taken the client before sees <see cref="ClientLease.Replaced"/>.</summary>
    public void Replace(KubernetesClient next)
    {
        Tenure before;
        lock (_lock)
        {
            before = _current;
            _current = new Tenure(next, before.Client.Server == next.Server ? before.Server : before.Server + 1) { Users = 1 };
        }

        before.Replaced.Cancel();
        Release(before);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isClosed)
                return;
            _isClosed = true;
        }

        Release(_current);
    }

    internal void Release(Tenure tenure)
    {
        lock (_lock)
        {
            if (--tenure.Users > 0)
                return;
        }

        if (_owns)
            tenure.Client.Dispose();
        tenure.Replaced.Dispose();
    }

    internal sealed class Tenure(KubernetesClient client, int server)
    {
        public KubernetesClient Client => client;

        public int Server => server;

        public CancellationTokenSource Replaced { get; } = new();

        /// <summary>Leases, and the switch itself while this is the current one.</summary>
        public int Users { get; set; }
    }
}
