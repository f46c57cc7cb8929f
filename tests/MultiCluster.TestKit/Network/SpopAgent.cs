using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MultiCluster.TestKit.Network;

/// <summary>
/// A firewall for applications that HAProxy asks over SPOP (HAProxy's SPOE.txt): no more than the handshake, and an answer for each message.
/// </summary>
public sealed class SpopAgent : IAsyncDisposable
{
    private const byte HaproxyHello = 1, HaproxyDisconnect = 2, Notify = 3, AgentHello = 101, AgentDisconnect = 102, Ack = 103;
    private const byte Unsigned = 3, Signed = 2, Text = 8, SetVariable = 1, OfTransaction = 2;

    /// <summary>As most agents have it.</summary>
    private const int MaxFrame = 16_380;

    private readonly TcpListener _listener;
    private readonly Func<string, (string Variable, object Value)> _judge;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<Task> _running = [];
    private readonly Task _accepting;

    private SpopAgent(TcpListener listener, Func<string, (string Variable, object Value)> judge)
    {
        (_listener, _judge) = (listener, judge);
        _accepting = AcceptAsync();
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>How often it was asked.</summary>
    public int Asked => _asked;

    private int _asked;

    /// <param name="judge">Told what it was sent, byte by byte as characters; the variable to set, and a number or a text.</param>
    public static SpopAgent Start(IPEndPoint listen, Func<string, (string Variable, object Value)> judge)
    {
        var listener = new TcpListener(listen);
        listener.Start();
        return new SpopAgent(listener, judge);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_running);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _running.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            var stream = client.GetStream();
            var length = new byte[4];
            while (true)
            {
                await stream.ReadExactlyAsync(length, _stopping.Token);
                var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
                await stream.ReadExactlyAsync(frame, _stopping.Token);
                if (Answer(frame) is { } answer)
                    await stream.WriteAsync(answer, _stopping.Token);
                if (frame[0] == HaproxyDisconnect)
                    return;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
        }
    }

    private byte[]? Answer(byte[] frame)
    {
        // Type, four bytes of flags, and the numbers of stream and frame, which an answer repeats.
        var end = AfterNumber(frame, AfterNumber(frame, 5));
        var ids = frame[5..end];
        switch (frame[0])
        {
            case HaproxyHello:
                return Frame(AgentHello, ids, [.. Named("version"), .. Value("2.0"), .. Named("max-frame-size"), .. Number(Unsigned, MaxFrame), .. Named("capabilities"), .. Value("pipelining")]);
            case HaproxyDisconnect:
                return Frame(AgentDisconnect, ids, [.. Named("status-code"), .. Number(Unsigned, 0), .. Named("message"), .. Value("bye")]);
            case Notify:
                Interlocked.Increment(ref _asked);
                var (variable, value) = _judge(Encoding.Latin1.GetString(frame, end, frame.Length - end));
                return Frame(Ack, ids, [SetVariable, 3, OfTransaction, .. Named(variable), .. value is int number ? Number(Signed, number) : Value((string)value)]);
            default:
                return null;
        }
    }

    private static byte[] Frame(byte type, byte[] ids, byte[] payload)
    {
        byte[] frame = [0, 0, 0, 0, type, 0, 0, 0, 1, .. ids, .. payload];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4);
        return frame;
    }

    private static byte[] Named(string name) => [.. Variable(name.Length), .. Encoding.ASCII.GetBytes(name)];

    private static byte[] Value(string text) => [Text, .. Named(text)];

    private static byte[] Number(byte type, int number) => [type, .. Variable(number)];

    /// <summary>A number as the protocol writes it.</summary>
    private static byte[] Variable(int number)
    {
        if (number < 240)
            return [(byte)number];
        var bytes = new List<byte> { (byte)(number | 240) };
        for (number = (number - 240) >> 4; number >= 128; number = (number - 128) >> 7)
            bytes.Add((byte)(number | 128));
        bytes.Add((byte)number);
        return [.. bytes];
    }

    private static int AfterNumber(byte[] frame, int at)
    {
        if (frame[at++] < 240)
            return at;
        while (frame[at++] >= 128)
        {
        }

        return at;
    }
}
