using System.Net;
using System.Net.Sockets;

namespace MultiCluster.Cluster.Tests.Transport.Http2.Support;

/// <summary>A network of one hop that can be cut, slowed down, or turned into a black hole.</summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Pulse _pulse = new();
    private readonly List<Socket> _open = [];
    private readonly Task _accepting;
    private TaskCompletionSource _flows = Flowing();
    private int _accepted;

    public TcpRelay(int target)
    {
        Target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>May change; the next connection goes there.</summary>
    public int Target { get; set; }

    /// <summary>Takes connections and closes them at once.</summary>
    public bool Refuses { get; set; }

    public TimeSpan Delay { get; set; }

    /// <summary>How much of what the dialling side sends still passes; then everything is cut, once.</summary>
    public long CutsAfter { get; set; } = long.MaxValue;

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public Task AcceptedAsync(int count) => _pulse.UntilAsync(() => Volatile.Read(ref _accepted) >= count, () => $"{count} connections; there were {_accepted}");

    /// <summary>Nothing passes any more, and nobody is told.</summary>
    public void Swallow() => Volatile.Write(ref _flows, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    public void Cut()
    {
        lock (_gate)
        {
            foreach (var socket in _open)
                socket.Dispose();
            _open.Clear();
        }
    }

    public void Heal()
    {
        Refuses = false;
        _flows.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Heal();
        Cut();
        await _accepting;
    }

    private static TaskCompletionSource Flowing()
    {
        var flows = new TaskCompletionSource();
        flows.SetResult();
        return flows;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _accepted);
                _pulse.Beat();
                if (Refuses)
                    near.Dispose();
                else
                    _ = RelayAsync(near);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // Disposed.
        }
    }

    private async Task RelayAsync(Socket near)
    {
        var far = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.NoDelay = true;
        lock (_gate)
            _open.AddRange([near, far]);
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, Target, _stop.Token);
            await Task.WhenAny(PumpAsync(near, far, isUpward: true), PumpAsync(far, near, isUpward: false));
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Both sides learn of it below.
        }
        near.Dispose();
        far.Dispose();
    }

    private async Task PumpAsync(Socket from, Socket to, bool isUpward)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var read)
            {
                await Volatile.Read(ref _flows).Task.WaitAsync(_stop.Token);
                if (Delay > TimeSpan.Zero)
                    await Task.Delay(Delay, TimeProvider.System, _stop.Token);
                if (isUpward && (CutsAfter -= read) < 0)
                {
                    CutsAfter = long.MaxValue;
                    return;
                }
                for (var sent = 0; sent < read;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), _stop.Token);
            }
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The other pump ends with its sockets.
        }
    }
}
