using System.Net.Sockets;
using System.Text;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>What a runtime socket does to whoever connects.</summary>
public enum SocketManners
{
    /// <summary>All goes to HAProxy and back.</summary>
    Faithful,

    /// <summary>Accepts, and closes on the first command.</summary>
    Closing,

    /// <summary>Bytes of all sorts for each command, cut as HAProxy cuts its replies.</summary>
    Noise,

    /// <summary>As many replies as there are commands, in HAProxy's form, and none that means anything.</summary>
    Lies,

    /// <summary>The first half of HAProxy's next answer, then nothing, and the connection stays open.</summary>
    Hanging,
}

/// <summary>Takes the place of HAProxy's runtime socket, which goes on beside it, and behaves or not.</summary>
internal sealed class RuntimeSocketRelay : IAsyncDisposable
{
    private static readonly byte[] NoiseBytes = [.. Enumerable.Range(0, 256).Select(static i => (byte)i), .. "\n> "u8];

    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _open = [];
    private readonly List<Task> _runs = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _listener = NewSocket();
    private readonly string _path;
    private volatile SocketManners _manners;
    private int _accepted;

    private RuntimeSocketRelay(string path)
    {
        _path = path;
        File.Move(path, RealPath);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _runs.Add(AcceptAsync());
    }

    /// <summary>Connections since it last changed its manners.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    private string RealPath => _path + "-0";

    public static RuntimeSocketRelay PutBefore(string socket) => new(socket);

    /// <summary>Also for those who are connected; these it cuts before it is faithful again, as they have heard wrong things.</summary>
    public void Become(SocketManners manners)
    {
        lock (_gate)
        {
            _manners = manners;
            _accepted = 0;
            if (manners != SocketManners.Faithful)
                return;
            foreach (var socket in _open)
                socket.Dispose();
            _open.Clear();
        }
    }

    /// <summary>HAProxy's own socket is back in its place.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync();
        _listener.Dispose();
        File.Move(RealPath, _path, overwrite: true);
        Become(SocketManners.Faithful);
        await Task.WhenAll(_runs);
    }

    private static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var peer = await _listener.AcceptAsync(_stop.Token);
                lock (_gate)
                {
                    _accepted++;
                    _open.Add(peer);
                    _runs.Add(ServeAsync(peer));
                }
            }
        }
        catch (Exception end) when (end is OperationCanceledException or ObjectDisposedException or SocketException)
        {
        }
    }

    private async Task ServeAsync(Socket peer)
    {
        using var real = NewSocket();
        lock (_gate)
            _open.Add(real);
        try
        {
            await real.ConnectAsync(new UnixDomainSocketEndPoint(RealPath));
            var down = AnswersAsync(real, peer);
            await CommandsAsync(peer, real);
            real.Dispose();
            await down;
        }
        catch (Exception end) when (end is ObjectDisposedException or SocketException)
        {
        }
        finally
        {
            peer.Dispose();
        }
    }

    private async Task CommandsAsync(Socket peer, Socket real)
    {
        var buffer = new byte[64 * 1024];
        while (await peer.ReceiveAsync(buffer) is var count and > 0)
        {
            switch (_manners)
            {
                case SocketManners.Closing:
                    return;
                case SocketManners.Noise:
                    foreach (var _ in Commands(buffer.AsSpan(0, count)))
                        await SendAsync(peer, NoiseBytes);
                    break;
                case SocketManners.Lies:
                    foreach (var command in Commands(buffer.AsSpan(0, count)))
                        await SendAsync(peer, Lie(command));
                    break;
                default:
                    await SendAsync(real, buffer.AsMemory(0, count));
                    break;
            }
        }
    }

    private async Task AnswersAsync(Socket real, Socket peer)
    {
        var buffer = new byte[64 * 1024];
        var hangs = false;
        try
        {
            while (await real.ReceiveAsync(buffer) is var count and > 0)
            {
                if (_manners is SocketManners.Faithful or SocketManners.Hanging && !hangs)
                    await SendAsync(peer, buffer.AsMemory(0, _manners is SocketManners.Hanging ? count / 2 : count));
                hangs |= _manners is not SocketManners.Faithful;
            }
        }
        catch (Exception end) when (end is ObjectDisposedException or SocketException)
        {
        }
    }

    private static async Task SendAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        for (var sent = 0; sent < bytes.Length;)
            sent += await to.SendAsync(bytes[sent..]);
    }

    private static string[] Commands(ReadOnlySpan<byte> lines) =>
        Encoding.UTF8.GetString(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static byte[] Lie(string command) => Encoding.UTF8.GetBytes(command switch
    {
        "prompt" => "\n> ",
        "show cli level" => "admin\n\n> ",
        _ when command.StartsWith("set timeout cli", StringComparison.Ordinal) => "\n> ",
        _ => "nonsense: \u0001 %d\n\n> ",
    });
}
