using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace MultiCluster.HAProxy.Runtime.Logs;

/// <summary>A syslog that takes datagrams, a line each: of RFC 5424 over the network (RFC 5426), and as the C library writes them to a socket of this machine.</summary>
internal sealed class SyslogTarget : ILogTarget
{
    /// <summary>local0, informational.</summary>
    private const string Priority = "<134>";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Func<CancellationToken, Task<Socket>> _connect;
    private readonly Func<string> _head;
    private readonly string _name;
    private readonly TimeProvider _time;
    private Socket? _socket;

    private SyslogTarget(string name, TimeProvider time, Func<string> head, Func<CancellationToken, Task<Socket>> connect) => (_name, _time, _head, _connect) = (name, time, head, connect);

    public static SyslogTarget Udp(string host, int port, TimeProvider time)
    {
        var machine = Environment.MachineName is { Length: > 0 and <= 255 } name && name.All(static c => c is > ' ' and < '\x7f') ? name : "-";
        return new SyslogTarget(
            $"{host}:{port}", time,
            () => string.Create(CultureInfo.InvariantCulture, $"{Priority}1 {time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.ffffffZ} {machine} multicluster {Environment.ProcessId} access - "),
            end => ConnectAsync(new Socket(SocketType.Dgram, ProtocolType.Udp), socket => socket.ConnectAsync(host, port, end).AsTask()));
    }

    public static SyslogTarget Local(string path, TimeProvider time) => new(
        path, time,
        () => LocalHead(time.GetLocalNow()),
        end => ConnectAsync(new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified), socket => socket.ConnectAsync(new UnixDomainSocketEndPoint(path), end).AsTask()));

    public async ValueTask<string?> WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, _time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            _socket ??= await _connect(end.Token);
            var head = Encoding.ASCII.GetBytes(_head());
            var message = new byte[head.Length + lines.Length];
            head.CopyTo(message, 0);
            while (!lines.IsEmpty)
            {
                var length = lines.Span.IndexOf((byte)'\n');
                lines[..length].CopyTo(message.AsMemory(head.Length));
                await _socket.SendAsync(message.AsMemory(0, head.Length + length), SocketFlags.None, end.Token);
                lines = lines[(length + 1)..];
            }

            return null;
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            Dispose();
            return $"{_name}: {(failure is SocketException ? failure.Message : "it takes nothing")}";
        }
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    /// <summary>RFC 3164 4.1.2: the day has two places, of which the first may be a blank.</summary>
    private static string LocalHead(DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"{Priority}{now:MMM} {now.Day,2} {now:HH:mm:ss} multicluster[{Environment.ProcessId}]: ");

    private static async Task<Socket> ConnectAsync(Socket socket, Func<Socket, Task> connect)
    {
        try
        {
            await connect(socket);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
