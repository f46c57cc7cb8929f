using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Tests.Proxies.Traffic;

/// <summary>A pod that answers every request with its member's name; "/hold" only once it may go on.</summary>
internal sealed class TrafficPod : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Task> _held;

    public TrafficPod(string member, string zone, Func<Task> held)
    {
        _held = held;
        Member = member;
        _listener.Start();
        var port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        Endpoint = new BackendEndpoint("127.0.0.1", port, $"pod-{port}", "node", zone);
        _ = AcceptAsync();
    }

    public string Member { get; }

    public BackendEndpoint Endpoint { get; }

    /// <summary>What came over connections, as far as it was understood.</summary>
    public ConcurrentBag<string> Seen { get; } = [];

    /// <summary>What begins with "/up" is answered with 500.</summary>
    public bool IsSick { get; set; }

    /// <summary>As a node that dies: nobody listens, and connections break.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptSocketAsync(_stop.Token));
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            var buffer = new byte[8192];
            var filled = 0;
            try
            {
                for (int read; (read = await socket.ReceiveAsync(buffer.AsMemory(filled), _stop.Token)) > 0;)
                {
                    filled += read;
                    var text = Encoding.ASCII.GetString(buffer, 0, filled);
                    if (text.StartsWith("PRI * ", StringComparison.Ordinal))
                    {
                        // HTTP/2, which it does not speak.
                        Seen.Add(text);
                        return;
                    }

                    if (!text.EndsWith("\r\n\r\n", StringComparison.Ordinal))
                        continue;
                    filled = 0;
                    Seen.Add(text);
                    if (text.Contains("/hold ", StringComparison.Ordinal))
                        await _held().WaitAsync(_stop.Token);
                    var body = string.Create(CultureInfo.InvariantCulture, $"{Member} {Endpoint.Port}");
                    await socket.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {(IsSick && text.Contains(" /up", StringComparison.Ordinal) ? "500 Sick" : "200 OK")}\r\ncontent-length: {body.Length}\r\n\r\n{body}"), _stop.Token);
                }
            }
            catch (Exception failure) when (failure is OperationCanceledException or SocketException)
            {
                // The pod died, or HAProxy went away.
            }
        }
    }
}
