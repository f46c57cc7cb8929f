using System.Net;
using System.Net.Sockets;

namespace MultiCluster.TestKit.Network;

/// <summary>One client's connection through a <see cref="TcpRelay"/>: two pumps that hold back what they have read while it is cut.</summary>
internal sealed class RelayedConnection(Socket client)
{
    private const int BufferSize = 16 * 1024;

    private readonly Lock _lock = new();
    private TaskCompletionSource? _held;

    public IPEndPoint Client { get; } = (IPEndPoint)client.RemoteEndPoint!;

    public void Cut(Cut how)
    {
        if (how == Network.Cut.Reset)
        {
            Reset(client);
            return;
        }

        lock (_lock)
            _held ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Mend()
    {
        lock (_lock)
        {
            _held?.SetResult();
            _held = null;
        }
    }

    /// <summary>Until both directions have ended, or one has failed.</summary>
    public async Task RunAsync(EndPoint target, CancellationToken stopping)
    {
        using var server = new Socket(target.AddressFamily, SocketType.Stream, target is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
        try
        {
            await PassAsync(stopping);
            client.NoDelay = true;
            await server.ConnectAsync(target, stopping);
            if (target is IPEndPoint)
                server.NoDelay = true;
            await Task.WhenAll(PumpAsync(client, server, stopping), PumpAsync(server, client, stopping));
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            Reset(client);
        }

        client.Dispose();
    }

    private async Task PumpAsync(Socket from, Socket to, CancellationToken stopping)
    {
        var buffer = new byte[BufferSize];
        try
        {
            while (true)
            {
                var count = await from.ReceiveAsync(buffer, stopping);
                await PassAsync(stopping);
                if (count == 0)
                {
                    to.Shutdown(SocketShutdown.Send);
                    return;
                }

                for (var sent = 0; sent < count;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), stopping);
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // A reset is passed on, in both directions, as soon as the path is open.
            await PassAsync(stopping);
            Reset(from);
            Reset(to);
            throw;
        }
    }

    private Task PassAsync(CancellationToken stopping)
    {
        lock (_lock)
            return _held?.Task.WaitAsync(stopping) ?? Task.CompletedTask;
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Close(0);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // Then there is nothing to reset.
        }
    }
}
