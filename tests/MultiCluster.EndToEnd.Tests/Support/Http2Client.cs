using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <param name="Status">Null when the stream was reset or the connection closed instead of an answer.</param>
/// <param name="How">For people: the status, or how it ended without one.</param>
internal sealed record Http2Answer(int? Status, string Body, string How)
{
    /// <summary>By the proxy: said, or shown by a reset.</summary>
    public bool IsRefused => Status is null || (Status is >= 400 and < 500 && ProxyClient.IsRefusalOfTheProxy(Body));

    public EchoAnswer? Echo => EchoPods.Read(Body);

    public override string ToString() => Echo is { } echo ? $"{How} of {echo.Service}" : $"{How} \"{Body.Trim()}\"";
}

/// <summary>
/// Says over HTTP/2 what no decent client would: a list of header fields goes out as it is, pseudo headers and all, on the one
/// stream of a TLS connection of its own. RFC 9113; of HPACK (RFC 7541) only literals without indexing and without Huffman.
/// </summary>
internal sealed class Http2Client(IPEndPoint https)
{
    private const byte Data = 0, Headers = 1, Reset = 3, Settings = 4, GoAway = 7;
    private const byte EndStream = 1, Acknowledgement = 1, EndHeaders = 4;
    private const int FrameHeader = 9, Stream = 1;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <param name="body">Null for none.</param>
    public async Task<Http2Answer> SendAsync(IEnumerable<(string Name, string Value)> fields, string? body = null)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(https, limit.Token);
        await using var tls = new SslStream(new NetworkStream(socket));
        await tls.AuthenticateAsClientAsync(Options(), limit.Token);
        Assert.Equal(SslApplicationProtocol.Http2, tls.NegotiatedApplicationProtocol);
        try
        {
            await tls.WriteAsync(Request(fields, body), limit.Token);
            return await AnswerAsync(tls, limit.Token);
        }
        catch (IOException closed)
        {
            return new Http2Answer(null, "", $"a closed connection ({closed.Message})");
        }
    }

    private static SslClientAuthenticationOptions Options() => new()
    {
        TargetHost = "client.test",
        ApplicationProtocols = [SslApplicationProtocol.Http2],
#pragma warning disable CA5359 // The certificate is the product's own, self-signed.
        RemoteCertificateValidationCallback = static (_, _, _, _) => true,
#pragma warning restore CA5359
    };

    private static byte[] Request(IEnumerable<(string Name, string Value)> fields, string? body)
    {
        using var bytes = new MemoryStream();
        bytes.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        Append(bytes, Settings, 0, 0, []);
        Append(bytes, Headers, body is null ? (byte)(EndHeaders | EndStream) : EndHeaders, Stream, Block(fields));
        if (body is not null)
            Append(bytes, Data, EndStream, Stream, Encoding.Latin1.GetBytes(body));
        return bytes.ToArray();
    }

    private static void Append(MemoryStream bytes, byte type, byte flags, int stream, byte[] payload)
    {
        Span<byte> head = stackalloc byte[FrameHeader];
        BinaryPrimitives.WriteInt32BigEndian(head, payload.Length << 8);
        head[3] = type;
        head[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(head[5..], stream);
        bytes.Write(head);
        bytes.Write(payload);
    }

    private static byte[] Block(IEnumerable<(string Name, string Value)> fields)
    {
        using var block = new MemoryStream();
        foreach (var (name, value) in fields)
        {
            block.WriteByte(0);
            AppendText(block, name);
            AppendText(block, value);
        }

        return block.ToArray();
    }

    /// <summary>An integer with a 7-bit prefix, then the bytes.</summary>
    private static void AppendText(MemoryStream block, string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        block.WriteByte((byte)Math.Min(bytes.Length, 127));
        if (bytes.Length >= 127)
        {
            var rest = bytes.Length - 127;
            for (; rest >= 128; rest >>= 7)
                block.WriteByte((byte)(rest | 128));
            block.WriteByte((byte)rest);
        }

        block.Write(bytes);
    }

    private static async Task<Http2Answer> AnswerAsync(SslStream tls, CancellationToken limit)
    {
        int? status = null;
        using var body = new MemoryStream();
        var head = new byte[FrameHeader];
        while (true)
        {
            await tls.ReadExactlyAsync(head, limit);
            var payload = new byte[BinaryPrimitives.ReadUInt32BigEndian(head) >> 8];
            await tls.ReadExactlyAsync(payload, limit);
            switch (head[3])
            {
                case Headers when status is null or < 200:
                    status = StatusOf(payload);
                    break;
                case Data:
                    await body.WriteAsync(payload, limit);
                    break;
                case Settings when head[4] != Acknowledgement:
                    using (var bytes = new MemoryStream())
                    {
                        Append(bytes, Settings, Acknowledgement, 0, []);
                        await tls.WriteAsync(bytes.ToArray(), limit);
                    }

                    break;
                case Reset:
                    return new Http2Answer(null, "", $"a reset with code {BinaryPrimitives.ReadInt32BigEndian(payload)}");
                case GoAway:
                    return new Http2Answer(null, "", $"a GOAWAY with code {BinaryPrimitives.ReadInt32BigEndian(payload.AsSpan(4))}");
                default:
                    break;
            }

            if (head[3] is Headers or Data && (head[4] & EndStream) != 0)
                return new Http2Answer(status, Encoding.UTF8.GetString(body.ToArray()), $"{status}");
        }
    }

    /// <summary>Of the first field, which HAProxy takes from the static table or writes out, plain, under the name of its index 8.</summary>
    private static int StatusOf(byte[] block)
    {
        ReadOnlySpan<int> indexed = [200, 204, 206, 304, 400, 404, 500];
        if (block[0] is >= 0x88 and <= 0x8E)
            return indexed[block[0] - 0x88];
        Assert.True((block[0] & 0x0F) == 8 && block[1] == 3, $"an answer whose status is coded otherwise: {Convert.ToHexString(block)}");
        return int.Parse(Encoding.ASCII.GetString(block, 2, 3));
    }
}
