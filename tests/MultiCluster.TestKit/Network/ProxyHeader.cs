using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MultiCluster.TestKit.Network;

/// <summary>
/// A header of the PROXY protocol, versions 1 and 2, as a server reads it before anything else of a connection (HAProxy's
/// proxy-protocol.txt).
/// </summary>
/// <param name="Client">Null for a connection that the proxy makes for itself, such as a health check.</param>
public sealed record ProxyHeader(int Version, IPEndPoint? Client)
{
    private const int FixedLength = 16;
    private const int LongestVersion1 = 107;

    private static readonly byte[] Signature = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    /// <returns>Null when the connection begins with anything else; then nothing of it has been taken.</returns>
    public static async Task<ProxyHeader?> ReadAsync(PipeReader input, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            var (header, taken) = Parse(read.Buffer.ToArray());
            var isOver = header is not null || taken < 0 || read.IsCompleted;
            input.AdvanceTo(header is null ? read.Buffer.Start : read.Buffer.GetPosition(taken), isOver ? read.Buffer.GetPosition(Math.Max(0, taken)) : read.Buffer.End);
            if (isOver)
                return header;
        }
    }

    /// <returns>How many bytes it has; 0 to read on, -1 for no header.</returns>
    public static (ProxyHeader? Header, int Length) Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 0 && bytes[0] == (byte)'P')
            return ParseText(bytes);
        if (!bytes[..Math.Min(bytes.Length, Signature.Length)].SequenceEqual(Signature.AsSpan(0, Math.Min(bytes.Length, Signature.Length))))
            return (null, -1);
        if (bytes.Length < FixedLength)
            return (null, 0);
        var length = FixedLength + BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        return bytes.Length < length ? (null, 0) : (new ProxyHeader(2, bytes[12] == 0x21 ? AddressOf(bytes[13], bytes[FixedLength..length]) : null), length);
    }

    private static (ProxyHeader? Header, int Length) ParseText(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n"u8);
        if (end < 0)
            return (null, bytes.Length > LongestVersion1 ? -1 : 0);
        return Encoding.ASCII.GetString(bytes[..end]).Split(' ') switch
        {
            ["PROXY", "UNKNOWN", ..] => (new ProxyHeader(1, null), end + 2),
            ["PROXY", "TCP4" or "TCP6", var source, _, var port, _] => (new ProxyHeader(1, new IPEndPoint(IPAddress.Parse(source), int.Parse(port))), end + 2),
            _ => (null, -1),
        };
    }

    /// <summary>Source address, destination address, source port, destination port.</summary>
    private static IPEndPoint? AddressOf(byte kind, ReadOnlySpan<byte> body)
    {
        var size = (AddressFamily?)(kind switch { 0x11 => AddressFamily.InterNetwork, 0x21 => AddressFamily.InterNetworkV6, _ => null }) switch
        {
            AddressFamily.InterNetwork => 4,
            AddressFamily.InterNetworkV6 => 16,
            _ => 0,
        };
        return size == 0 ? null : new IPEndPoint(new IPAddress(body[..size]), BinaryPrimitives.ReadUInt16BigEndian(body[(2 * size)..]));
    }
}
