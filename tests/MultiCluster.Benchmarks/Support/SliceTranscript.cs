using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using System.Threading.Channels;
using MultiCluster.HAProxy.Runtime.Sockets;

namespace MultiCluster.Benchmarks.Support;

/// <summary>
/// Tells which slice's change has been applied: a change adds a server, which shows whose backend it is by its address, and
/// ends with the confirmed removal of another.
/// </summary>
internal sealed class SliceTranscript(int slices) : IRuntimeTranscript
{
    private const string Add = "add server ";
    private const string Delete = "del server ";

    private readonly Channel<int> _applied = Channel.CreateUnbounded<int>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<string, int> _slices = new(StringComparer.Ordinal);

    /// <summary>One large array, so that the collector has nothing to do with what is kept.</summary>
    private readonly ArrayBufferWriter<byte> _commands = new(64 << 20);
    private bool _recording;

    public ChannelReader<int> Applied => _applied.Reader;

    /// <summary>What was sent while recording, each command with a line feed.</summary>
    public ReadOnlyMemory<byte> Commands => _commands.WrittenMemory;

    public int CommandCount { get; private set; }

    /// <summary>Of 10.0.0.0/8; the number modulo the count of slices is the slice.</summary>
    public static string Address(int number) => new IPAddress([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number]).ToString();

    public void StartRecording() => Volatile.Write(ref _recording, true);

    public void StopRecording() => Volatile.Write(ref _recording, false);

    public void Exchange(string sent, string? reply)
    {
        if (Volatile.Read(ref _recording) && !sent.StartsWith("show ", StringComparison.Ordinal))
            Keep(sent);
        if (sent.StartsWith(Add, StringComparison.Ordinal))
            Learn(sent.AsSpan(Add.Length));
        else if (sent.StartsWith(Delete, StringComparison.Ordinal) && reply is "Server deleted.")
            Tell(sent.AsSpan(Delete.Length));
    }

    private void Keep(string sent)
    {
        Encoding.UTF8.GetBytes(sent, _commands);
        _commands.Write("\n"u8);
        CommandCount++;
    }

    /// <param name="rest">Backend, '/', server, space, address, ':', port, …</param>
    private void Learn(ReadOnlySpan<char> rest)
    {
        var backends = _slices.GetAlternateLookup<ReadOnlySpan<char>>();
        var name = rest[..rest.IndexOf('/')];
        if (backends.ContainsKey(name))
            return;
        var address = rest[(rest.IndexOf(' ') + 1)..];
        var bytes = IPAddress.Parse(address[..address.IndexOf(':')]).GetAddressBytes();
        backends[name] = ((bytes[1] << 16) | (bytes[2] << 8) | bytes[3]) % slices;
    }

    private void Tell(ReadOnlySpan<char> rest)
    {
        if (!_slices.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(rest[..rest.IndexOf('/')], out var slice))
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"a server of a backend was removed of which none was added: {rest}"));
        _applied.Writer.TryWrite(slice);
    }
}
