using System.Net.WebSockets;
using System.Text;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>Connections through the proxy that last: WebSockets, each held by one pod until it is spoken to.</summary>
internal sealed class HeldSockets : IAsyncDisposable
{
    private readonly List<(ClientWebSocket Socket, string Member)> _sockets = [];

    /// <summary>Who holds how many.</summary>
    public IReadOnlyDictionary<string, int> ByMember =>
        _sockets.GroupBy(static item => item.Member, StringComparer.Ordinal).ToDictionary(static group => group.Key, static group => group.Count(), StringComparer.Ordinal);

    public static async Task<HeldSockets> OpenAsync(Product product, string host, int count)
    {
        var held = new HeldSockets();
        try
        {
            for (var i = 0; i < count; i++)
                await held.OpenAsync(product, host);
            return held;
        }
        catch
        {
            await held.DisposeAsync();
            throw;
        }
    }

    /// <returns>The member that the connection went to.</returns>
    public async Task<string> OpenAsync(Product product, string host)
    {
        using var limit = new CancellationTokenSource(Await.Deadline);
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Host", host);
        socket.Options.CollectHttpResponseDetails = true;
        try
        {
            await socket.ConnectAsync(new Uri($"ws://{product.Setting.Http}/held"), limit.Token);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var member = socket.HttpResponseHeaders![EchoPods.MemberHeader].Single();
        _sockets.Add((socket, member));
        return member;
    }

    /// <summary>Each still carries a message there and back, and ends in good order: none was reset.</summary>
    public async Task FinishAsync()
    {
        using var limit = new CancellationTokenSource(Await.Deadline);
        foreach (var (socket, member) in _sockets)
        {
            var message = Encoding.ASCII.GetBytes(member);
            var buffer = new byte[64];
            await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, limit.Token);
            var received = await socket.ReceiveAsync(buffer, limit.Token);
            Assert.Equal(member, Encoding.ASCII.GetString(buffer, 0, received.Count));
            Assert.Equal(WebSocketMessageType.Close, (await socket.ReceiveAsync(buffer, limit.Token)).MessageType);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
        }

        await DisposeAsync();
    }

    public ValueTask DisposeAsync()
    {
        foreach (var (socket, _) in _sockets)
            socket.Dispose();
        _sockets.Clear();
        return default;
    }
}
