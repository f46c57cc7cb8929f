using System.Net;
using System.Net.Sockets;
using MultiCluster.EndToEnd.Tests.Support;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>An address that listens and takes no connection: those that it has room for are there, and nobody accepts them.</summary>
internal sealed class FullListener : IDisposable
{
    /// <summary>More than a system makes room for when it is told to make none.</summary>
    private const int Waiting = 8;

    private readonly List<Socket> _sockets = [];

    public FullListener(int port)
    {
        var listener = New();
        listener.Bind(new IPEndPoint(Address, port));
        listener.Listen(0);
        for (var i = 0; i < Waiting; i++)
        {
            // Not waited for: most of them stay on their way.
            var socket = New();
            socket.Blocking = false;
            try
            {
                socket.Connect(listener.LocalEndPoint!);
            }
            catch (SocketException begun) when (begun.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
            }
        }
    }

    public IPAddress Address { get; } = PodAddresses.New();

    public void Dispose()
    {
        foreach (var socket in _sockets)
            socket.Dispose();
    }

    private Socket New()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(socket);
        return socket;
    }
}
