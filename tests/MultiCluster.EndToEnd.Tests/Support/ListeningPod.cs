using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>A pod that keeps what its connections begin with, and answers each with 200; under /sick with 500.</summary>
internal sealed class ListeningPod : IAsyncDisposable
{
    private readonly TcpListener _listener = new(PodAddresses.New(), 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _heard = new();
    private readonly Task _accepting;

    private PodAgent? _agent;

    public ListeningPod()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public IPAddress Address => ((IPEndPoint)_listener.LocalEndpoint).Address;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>There since it was first asked for.</summary>
    public PodAgent Agent => _agent ??= new PodAgent(Address);

    /// <summary>It listens elsewhere than the pod; before anybody asks for it.</summary>
    public IPAddress MoveAgent() => (_agent ??= new PodAgent(PodAddresses.New())).Address;

    /// <summary>As Latin-1.</summary>
    public IReadOnlyCollection<string> Heard => _heard;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        if (_agent is not null)
            await _agent.DisposeAsync();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _ = AnswerAsync(await _listener.AcceptSocketAsync(_stop.Token));
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Who connected may be gone before it is taken.
            }
        }
    }

    private async Task AnswerAsync(Socket client)
    {
        using var _ = client;
        try
        {
            var buffer = new byte[4096];
            var heard = Encoding.Latin1.GetString(buffer, 0, await client.ReceiveAsync(buffer, _stop.Token));
            _heard.Enqueue(heard);
            var status = heard.Contains(" /sick", StringComparison.Ordinal) ? "500 Sick" : "200 OK";
            await client.SendAsync(Encoding.Latin1.GetBytes($"HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"), _stop.Token);
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException)
        {
        }
    }
}
