using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MultiCluster.Benchmarks.Support;

/// <summary>One keep-alive connection, blocking and without allocations: it shares two cores with what it measures.</summary>
internal sealed class HttpProbe(int port) : IDisposable
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private Socket? _socket;
    private int _bodyAt;
    private int _bodyEnd;

    /// <summary>Connections that ended before a whole answer, or could not be made.</summary>
    public long Broken { get; private set; }

    public ReadOnlySpan<byte> Body => _buffer.AsSpan(_bodyAt, _bodyEnd - _bodyAt);

    public static byte[] Request(string host) => Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");

    /// <returns>The status; 0 when the connection broke.</returns>
    public int Ask(ReadOnlySpan<byte> request)
    {
        try
        {
            _socket ??= Connect();
            _socket.Send(request);
            return Receive(_socket);
        }
        catch (SocketException)
        {
            return Break();
        }
    }

    public void Dispose() => _socket?.Dispose();

    private Socket Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 10_000 };
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }

    private int Receive(Socket socket)
    {
        var filled = 0;
        while (true)
        {
            var count = socket.Receive(_buffer.AsSpan(filled));
            if (count == 0)
                return Break();
            filled += count;
            var head = _buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
            if (head < 0)
                continue;
            _bodyAt = head + 4;
            _bodyEnd = _bodyAt + ContentLength(_buffer.AsSpan(0, head));
            while (filled < _bodyEnd)
            {
                count = socket.Receive(_buffer.AsSpan(filled));
                if (count == 0)
                    return Break();
                filled += count;
            }

            var status = int.Parse(_buffer.AsSpan(9, 3), CultureInfo.InvariantCulture);
            if (_buffer.AsSpan(0, head).IndexOf("connection: close"u8) >= 0)
                Close();
            return status;
        }
    }

    private static int ContentLength(ReadOnlySpan<byte> head)
    {
        var at = head.IndexOf("content-length: "u8);
        if (at < 0)
            return 0;
        var digits = head[(at + 16)..];
        var end = digits.IndexOf((byte)'\r');
        return int.Parse(end < 0 ? digits : digits[..end], CultureInfo.InvariantCulture);
    }

    private int Break()
    {
        Broken++;
        Close();
        return 0;
    }

    private void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }
}
