using System.Net.Sockets;
using System.Text;

namespace MultiCluster.HAProxy.Runtime.Tests.Support;

/// <summary>Accepts one connection and does to it what the test says.</summary>
internal sealed class FakeSocketServer : IAsyncDisposable
{
    private readonly ScratchDirectory _directory = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Task _serving;

    public FakeSocketServer(Func<Peer, Task> serve)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen();
        _serving = ServeAsync(serve);
    }

    public string Path => _directory.File("s.sock");

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _serving;
        _directory.Dispose();
    }

    private async Task ServeAsync(Func<Peer, Task> serve)
    {
        try
        {
            using var peer = new Peer(await _listener.AcceptAsync());
            await serve(peer);
        }
        catch (SocketException)
        {
            // The client went away first.
        }
    }

    internal sealed class Peer(Socket socket) : IDisposable
    {
        private readonly byte[] _buffer = new byte[4096];
        private string _received = "";

        /// <summary>Answers the client's opening and its fence as HAProxy does.</summary>
        public async Task OpenAsync()
        {
            await ReadUntilAsync("show cli level\n");
            await SayAsync("\n> \n> admin\n\n> ");
        }

        public async Task ReadUntilAsync(string end)
        {
            while (!_received.EndsWith(end, StringComparison.Ordinal))
            {
                var count = await socket.ReceiveAsync(_buffer);
                if (count == 0)
                    return;
                _received += Encoding.UTF8.GetString(_buffer, 0, count);
            }

            _received = "";
        }

        public async Task SayAsync(string text) => await socket.SendAsync(Encoding.UTF8.GetBytes(text));

        public Task UntilClosedAsync() => ReadUntilAsync("\0never");

        public void Dispose() => socket.Dispose();
    }
}
