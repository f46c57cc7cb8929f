using System.Net;
using System.Net.Sockets;
using System.Text;
using MultiCluster.TestKit;

namespace MultiCluster.HAProxy.Runtime.Tests.Policies;

/// <summary>An endpoint that answers with the head of the request that it got; under /held it waits until it is let go.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly SemaphoreSlim _letGo = new(0);
    private readonly Task _accepting;

    public EchoServer()
    {
        _listener = new TcpListener(Loopback.NewAddress(), 0);
        _listener.Start();
        Endpoint = (IPEndPoint)_listener.LocalEndpoint;
        _accepting = AcceptAsync();
    }

    public IPEndPoint Endpoint { get; }

    /// <summary>A request to /held is there and waits.</summary>
    public Task<bool> ArrivedAsync(TimeSpan deadline) => _arrived.WaitAsync(deadline);

    public void LetGo() => _letGo.Release();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
        _arrived.Dispose();
        _letGo.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            var stream = client.GetStream();
            var head = await ReadHeadAsync(stream);
            if (head.StartsWith("GET /held", StringComparison.Ordinal))
            {
                _arrived.Release();
                await _letGo.WaitAsync(_stop.Token);
            }

            if (head.Split(' ')[1].TrimStart('/').StartsWith("gone", StringComparison.Ordinal))
                return;
            if (head.Split(' ')[1].TrimStart('/').StartsWith("auth", StringComparison.Ordinal))
            {
                await stream.WriteAsync(Encoding.Latin1.GetBytes(Judged(head)), _stop.Token);
                return;
            }

            var answer = $"HTTP/1.1 200 OK\r\nserver: pod\r\nx-pod: one\r\nx-pod: two\r\ncontent-length: {Encoding.Latin1.GetByteCount(head)}\r\nconnection: close\r\n\r\n{head}";
            await stream.WriteAsync(Encoding.Latin1.GetBytes(answer), _stop.Token);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    /// <summary>Who says a name that begins with "good" may pass; it tells what it was asked.</summary>
    private static string Judged(string head)
    {
        var passes = head.Contains("x-who: good", StringComparison.Ordinal);
        var told = string.Concat(head.Split("\r\n").Skip(1).Where(static line => line.Length > 0).Select(static line => "x-told: " + line.Replace(": ", "=", StringComparison.Ordinal) + "\r\n"));
        var status = passes ? "204 No Content" : head.Contains("x-who: bad", StringComparison.Ordinal) ? "403 Forbidden" : "401 Unauthorized";
        return $"HTTP/1.1 {status}\r\nx-user: ann\r\nx-secret: s\r\nwww-authenticate: Any\r\nx-told: {head.Split("\r\n")[0].Replace(' ', '_')}\r\n{told}content-length: 0\r\nconnection: close\r\n\r\n";
    }

    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var buffer = new byte[16384];
        while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer, _stop.Token);
            if (read == 0)
                break;
            head.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        var text = head.ToString();
        return text[..(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)];
    }
}
