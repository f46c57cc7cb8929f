using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>A pod that speaks TLS itself, and answers every request with its name.</summary>
internal sealed class TlsPod : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly X509Certificate2 _certificate;
    private readonly string _name;
    private readonly Task _serving;

    public TlsPod(IPAddress address, int port, X509Certificate2 certificate, string name)
    {
        (_certificate, _name) = (certificate, name);
        _listener = new TcpListener(address, port);
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception end) when (end is SocketException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        try
        {
            using var _ = client;
            await using var stream = new SslStream(client.GetStream());
            await stream.AuthenticateAsServerAsync(_certificate);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            while (await reader.ReadLineAsync() is { Length: > 0 })
            {
                // Headers are of no interest.
            }

            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\ncontent-length: {_name.Length}\r\nconnection: close\r\n\r\n{_name}"));
        }
        catch (Exception end) when (end is IOException or System.Security.Authentication.AuthenticationException)
        {
            // The client has left.
        }
    }
}
