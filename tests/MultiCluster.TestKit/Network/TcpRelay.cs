using System.Net;
using System.Net.Sockets;

namespace MultiCluster.TestKit.Network;

/// <summary>How a path is cut.</summary>
public enum Cut
{
    /// <summary>Nothing arrives and nobody is told. What was sent meanwhile arrives when the path is mended, as TCP would have it.</summary>
    Silent,

    /// <summary>Connections are reset, new ones too.</summary>
    Reset,
}

/// <summary>A path between clients and a server on this machine that can be cut, also for some of the clients only.</summary>
public sealed class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly EndPoint _target;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly HashSet<RelayedConnection> _connections = [];
    private readonly List<Task> _running = [];
    private readonly Task _accepting;
    private (Cut How, Func<IPEndPoint, bool> Whom)? _cut;

    private TcpRelay(TcpListener listener, EndPoint target)
    {
        (_listener, _target) = (listener, target);
        _accepting = AcceptAsync();
    }

    /// <summary>What clients connect to.</summary>
    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    public static TcpRelay Start(IPEndPoint listen, EndPoint target)
    {
        var listener = new TcpListener(listen);
        listener.Start();
        return new TcpRelay(listener, target);
    }

    /// <param name="whom">Told a client's end of the connection; null: everybody.</param>
    public void Cut(Cut how, Func<IPEndPoint, bool>? whom = null)
    {
        List<RelayedConnection> struck;
        lock (_lock)
        {
            _cut = (how, whom ?? (static _ => true));
            struck = [.. _connections.Where(connection => _cut.Value.Whom(connection.Client))];
        }

        foreach (var connection in struck)
            connection.Cut(how);
    }

    public void Mend()
    {
        List<RelayedConnection> all;
        lock (_lock)
        {
            _cut = null;
            all = [.. _connections];
        }

        foreach (var connection in all)
            connection.Mend();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        List<Task> running;
        lock (_lock)
            running = [.. _running];
        await Task.WhenAll(running);
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptSocketAsync(_stopping.Token);
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            var connection = new RelayedConnection(client);
            lock (_lock)
            {
                _connections.Add(connection);
                if (_cut is { } cut && cut.Whom(connection.Client))
                    connection.Cut(cut.How);
                _running.RemoveAll(static task => task.IsCompleted);
                _running.Add(RunAsync(connection));
            }
        }
    }

    private async Task RunAsync(RelayedConnection connection)
    {
        // Not under the lock of who calls.
        await Task.Yield();
        await connection.RunAsync(_target, _stopping.Token);
        lock (_lock)
            _connections.Remove(connection);
    }
}
