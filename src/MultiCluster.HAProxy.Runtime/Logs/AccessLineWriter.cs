using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using MultiCluster.HAProxy.Program;

namespace MultiCluster.HAProxy.Runtime.Logs;

/// <summary>
/// Makes of a line that HAProxy hands over one that people and their tools read: JSON, with the names of Kubernetes. What a line does not know it leaves
/// out. Makes no objects that live longer than a line, and hardly any that do not. One line at a time.
/// </summary>
internal sealed partial class AccessLineWriter : IDisposable
{
    /// <summary>What HAProxy hands over at most, decoded, and with all that may be redacted in it.</summary>
    private const int Room = 36 * 1024;

    /// <summary>Of what is gone through pair by pair.</summary>
    private const int MaxTold = 4096;

    private readonly byte[] _text = new byte[Room];
    private readonly byte[] _told = new byte[Redaction.RoomFor(MaxTold)];
    private readonly byte[] _headers = new byte[Room];
    private readonly byte[] _url = new byte[Room];
    private readonly Utf8JsonWriter _json;
    private readonly Redaction _redaction;
    private readonly JsonEncodedText _proxy;
    private readonly IAccessObserver _observer;
    private readonly bool _namesHeaders;

    public AccessLineWriter(string proxy, LogReceiverOptions options, IAccessObserver observer)
    {
        (_proxy, _observer, _redaction, _namesHeaders) = (JsonEncodedText.Encode(proxy), observer, new Redaction(options), options.RequestHeaders.Count > 0);
        _json = new Utf8JsonWriter(new ArrayBufferWriter<byte>(1), new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    public void Dispose() => _json.Dispose();

    /// <returns>False for what no program of ours writes: nothing is written then.</returns>
    public bool Write(ReadOnlySpan<byte> line, IBufferWriter<byte> output)
    {
        Span<Range> room = stackalloc Range[RequestWords.All];
        var words = new LineWords(line, room);
        var isRequest = words[0].SequenceEqual("h1"u8) && words.Count >= RequestWords.Least;
        var isConnection = words[0].SequenceEqual("t1"u8) && words.Count == ConnectionWords.All;
        if ((!isRequest && !isConnection) || words.Number(1) is null)
            return false;
        _json.Reset(output);
        _json.WriteStartObject();
        if (isRequest)
            WriteRequest(words);
        else
            WriteConnection(words);
        _json.WriteEndObject();
        _json.Flush();
        output.Write("\n"u8);
        return true;
    }

    private void WriteConnection(LineWords words)
    {
        _json.WriteString(Names.Type, "tcp"u8);
        WriteTime(words.Number(ConnectionWords.End)!.Value, words.Number(ConnectionWords.Total));
        _json.WriteString(Names.Proxy, _proxy);
        WriteClient(words, ConnectionWords.Client, ConnectionWords.ClientPort, ConnectionWords.Port);
        WriteTls(words, ConnectionWords.Tls, ConnectionWords.Cipher, ConnectionWords.ServerName);
        WriteRoute(words, ConnectionWords.Ingress, ConnectionWords.Service, ConnectionWords.Server, ConnectionWords.Address, ConnectionWords.ServerPort);
        WriteEnd(words, ConnectionWords.Termination, ConnectionWords.Retries);
        WriteNumber(Names.BytesIn, words.Number(ConnectionWords.BytesIn));
        WriteNumber(Names.BytesOut, words.Number(ConnectionWords.BytesOut));
        WriteNumber(Names.Queue, words.Number(ConnectionWords.Queue));
        WriteNumber(Names.Connect, words.Number(ConnectionWords.Connect));
        WriteNumber(Names.Total, words.Number(ConnectionWords.Total));
    }

    /// <param name="end">Microseconds of Unix time.</param>
    private void WriteTime(long end, long? total)
    {
        Span<byte> text = stackalloc byte[32];
        var began = end - (total ?? 0) * 1000;
        var time = DateTime.UnixEpoch.AddMicroseconds(Math.Clamp(began, 0, (long)(DateTime.MaxValue - DateTime.UnixEpoch).TotalMicroseconds - 1));
        time.TryFormat(text, out var length, "yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
        _json.WriteString(Names.Time, text[..length]);
    }

    private void WriteClient(LineWords words, int client, int port, int asked)
    {
        WriteText(Names.Client, words[client]);
        WriteNumber(Names.ClientPort, words.Number(port));
        WriteNumber(Names.Port, words.Number(asked));
    }

    private void WriteTls(LineWords words, int version, int cipher, int name)
    {
        WriteText(Names.Tls, words[version]);
        WriteText(Names.Cipher, words[cipher]);
        WriteText(Names.ServerName, Decoded(words[name]));
    }

    private void WriteRoute(LineWords words, int ingress, int service, int server, int address, int port)
    {
        WriteText(Names.Ingress, words[ingress]);
        var reference = ServiceOf(words[service]);
        var colon = reference.LastIndexOf((byte)':');
        if (colon > 0)
        {
            _json.WriteString(Names.Service, reference[..colon]);
            _json.WriteString(Names.ServicePort, reference[(colon + 1)..]);
        }

        var name = words[server];
        var first = name.IndexOf((byte)':');
        if (first <= 0)
            return;
        _json.WriteString(Names.Member, name[..first]);
        var pod = name[(first + 1)..];
        pod = pod[..Math.Max(0, pod.IndexOf((byte)':'))];
        if (pod is not [] and not [(byte)'-'])
            _json.WriteString(Names.Pod, pod);
        WriteText(Names.Address, words[address]);
        WriteNumber(Names.AddressPort, words.Number(port));
    }

    /// <summary>Of a backend's real name, such as <c>web/cart:80@aws,gcp</c>; empty of others.</summary>
    private static ReadOnlySpan<byte> ServiceOf(ReadOnlySpan<byte> real) => real.IndexOf((byte)'@') is > 0 and var at ? real[..at] : default;

    /// <summary>A plus sign at the retries says that another endpoint was tried.</summary>
    private void WriteEnd(LineWords words, int termination, int retries)
    {
        _json.WriteString(Names.Termination, termination < words.Count && words[termination] is { IsEmpty: false } state ? state : "--"u8);
        var count = words[retries];
        var isRedispatched = count is [(byte)'+', ..];
        if (Utf8Parser.TryParse(isRedispatched ? count[1..] : count, out long number, out _))
            _json.WriteNumber(Names.Retries, number);
        if (isRedispatched)
            _json.WriteBoolean(Names.Redispatched, true);
    }

    private void WriteNumber(JsonEncodedText name, long? value)
    {
        if (value is { } number)
            _json.WriteNumber(name, number);
    }

    /// <summary>What is no UTF-8 is told with U+FFFD in its place.</summary>
    private void WriteText(JsonEncodedText name, ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty)
            _json.WriteString(name, text);
    }

    /// <summary>Valid until the next call.</summary>
    private ReadOnlySpan<byte> Decoded(ReadOnlySpan<byte> word) => Decode(word, _text);

    /// <summary>Of a word that was cut, as much as is whole.</summary>
    private static ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> word, byte[] room)
    {
        var whole = word[..(word.Length / 4 * 4)];
        return whole.Length / 4 * 3 <= room.Length && Base64.DecodeFromUtf8(whole, room, out _, out var length) == OperationStatus.Done ? room.AsSpan(0, length) : default;
    }
}
