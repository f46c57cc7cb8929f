using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>Says to HAProxy how a pod is.</summary>
internal sealed class PodAgent : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private volatile string _heard = "";

    public PodAgent(IPAddress address)
    {
        _listener = new TcpListener(address, 0);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public IPAddress Address => ((IPEndPoint)_listener.LocalEndpoint).Address;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What it answers whoever asks.</summary>
    public string Word { get; set; } = "up";

    public string Heard => _heard;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var buffer = new byte[256];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptSocketAsync(_stop.Token);
                var heard = await client.ReceiveAsync(buffer, _stop.Token);
                _heard = Encoding.Latin1.GetString(buffer, 0, heard);
                await client.SendAsync(Encoding.Latin1.GetBytes($"{Word}\n"), _stop.Token);
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Who asked may be gone before it is answered.
            }
        }
    }
}
