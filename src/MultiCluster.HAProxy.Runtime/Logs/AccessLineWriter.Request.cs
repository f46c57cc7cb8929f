using System.Buffers;
using System.Text;
using System.Text.Json;
using MultiCluster.HAProxy.Policies;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Runtime.Logs;

internal sealed partial class AccessLineWriter
{
    private const int MaxRules = 256;

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>What routes capture, as it was read first: there are as many as policies that capture.</summary>
    private readonly Dictionary<string, RequestCapture?> _rules = new(StringComparer.Ordinal);

    /// <summary>In order, before the headers that the operator names.</summary>
    private enum AskedPart
    {
        Version,
        Method,
        Host,
        Path,
        Query,
        UserAgent,
        Referer,
        Traceparent,
    }

    private void WriteRequest(LineWords words)
    {
        var (status, total) = (words.Number(RequestWords.Status), words.Number(RequestWords.Total));
        _json.WriteString(Names.Type, "http"u8);
        WriteTime(words.Number(RequestWords.End)!.Value, total);
        WriteText(Names.Id, words[RequestWords.Id]);
        _json.WriteString(Names.Proxy, _proxy);
        WriteClient(words, RequestWords.Client, RequestWords.ClientPort, RequestWords.Port);
        WriteTls(words, RequestWords.Tls, RequestWords.Cipher, RequestWords.ServerName);
        WriteAsked(words[RequestWords.Asked]);
        WriteNumber(Names.Status, status);
        WriteRoute(words, RequestWords.Ingress, RequestWords.Service, RequestWords.Server, RequestWords.Address, RequestWords.ServerPort);
        WriteText(Names.Firewall, words[RequestWords.Firewall]);
        WriteEnd(words, RequestWords.Termination, RequestWords.Retries);
        WriteNumber(Names.BytesIn, words.Number(RequestWords.BytesIn));
        WriteNumber(Names.BytesOut, words.Number(RequestWords.BytesOut));
        WriteNumber(Names.Handshake, words.Number(RequestWords.Handshake));
        WriteNumber(Names.Idle, words.Number(RequestWords.Idle));
        WriteNumber(Names.Request, words.Number(RequestWords.Request));
        WriteNumber(Names.Queue, words.Number(RequestWords.Queue));
        WriteNumber(Names.Connect, words.Number(RequestWords.Connect));
        WriteNumber(Names.Response, words.Number(RequestWords.Response));
        WriteNumber(Names.Total, total);
        if (_namesHeaders)
            WriteHeaders(Names.RequestHeaders, words[RequestWords.Asked], (int)AskedPart.Traceparent + 1);
        WriteHeaders(Names.ResponseHeaders, words[RequestWords.Said], 0);
        if (!words[RequestWords.Rule].IsEmpty)
            WriteCaptures(words);
        _observer.OnRequest(words[RequestWords.Ingress], ServiceOf(words[RequestWords.Service]), (int)(status ?? 0), total ?? -1);
    }

    private void WriteAsked(ReadOnlySpan<byte> asked)
    {
        var place = 0;
        foreach (var range in asked.Split((byte)','))
        {
            var part = asked[range];
            switch ((AskedPart)place++)
            {
                case AskedPart.Version when !part.IsEmpty:
                    WriteProtocol(part);
                    break;
                case AskedPart.Method:
                    WriteText(Names.Method, Decoded(part));
                    break;
                case AskedPart.Host:
                    WriteText(Names.Host, Decoded(part));
                    break;
                case AskedPart.Path:
                    WriteText(Names.Path, Decoded(part));
                    break;
                case AskedPart.Query:
                    WriteText(Names.Query, Told(Decoded(part), isUrl: false));
                    break;
                case AskedPart.UserAgent:
                    WriteText(Names.UserAgent, Decoded(part));
                    break;
                case AskedPart.Referer:
                    WriteText(Names.Referer, Told(Decoded(part), isUrl: true));
                    break;
                case AskedPart.Traceparent:
                    WriteTrace(Decoded(part));
                    return;
            }
        }
    }

    private void WriteProtocol(ReadOnlySpan<byte> version)
    {
        Span<byte> text = stackalloc byte[16];
        "HTTP/"u8.CopyTo(text);
        var known = version[..Math.Min(version.Length, text.Length - 5)];
        known.CopyTo(text[5..]);
        _json.WriteString(Names.Protocol, text[..(5 + known.Length)]);
    }

    /// <summary><c>VERSION-TRACE-SPAN-FLAGS</c>, of W3C's Trace Context; anything else is none.</summary>
    private void WriteTrace(ReadOnlySpan<byte> header)
    {
        if (header.Length < 55 || header[2] != '-' || header[35] != '-' || header[52] != '-' || !IsHex(header[3..35]) || !IsHex(header[36..52]))
            return;
        _json.WriteString(Names.TraceId, header[3..35]);
        _json.WriteString(Names.SpanId, header[36..52]);
    }

    private static bool IsHex(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(HexDigits);

    /// <summary>Without values that are not told. Valid until the next call.</summary>
    private ReadOnlySpan<byte> Told(ReadOnlySpan<byte> text, bool isUrl, byte divider = (byte)'&')
    {
        // No proxy of ours says more.
        text = text[..Math.Min(text.Length, MaxTold)];
        return _told.AsSpan(0, isUrl ? _redaction.CopyUrl(text, _told) : _redaction.CopyPairs(text, divider, _told));
    }

    /// <param name="from">Parts before are no headers.</param>
    private void WriteHeaders(JsonEncodedText name, ReadOnlySpan<byte> parts, int from)
    {
        if (parts.IsEmpty)
            return;
        var place = 0;
        var hasAny = false;
        foreach (var range in parts.Split((byte)','))
        {
            var part = parts[range];
            var equals = part.IndexOf((byte)'=');
            if (place++ < from || equals <= 0 || Decoded(part[(equals + 1)..]) is not { IsEmpty: false } value)
                continue;
            if (!hasAny)
                _json.WriteStartObject(name);
            hasAny = true;
            _json.WriteString(part[..equals], HeaderOf(part[..equals], value));
        }

        if (hasAny)
            _json.WriteEndObject();
    }

    private ReadOnlySpan<byte> HeaderOf(scoped ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        _redaction.Covers(name) ? Redaction.Word
        : name.SequenceEqual("cookie"u8) || name.SequenceEqual("set-cookie"u8) ? Told(value, isUrl: false, (byte)';')
        : name.SequenceEqual("referer"u8) || name.SequenceEqual("location"u8) ? Told(value, isUrl: true)
        : value;

    private void WriteCaptures(LineWords words)
    {
        if (RuleOf(words[RequestWords.Rule]) is not { } capture)
            return;
        var headers = Decode(words[RequestWords.Headers], _headers);
        var hasAny = false;
        foreach (var part in capture.Parts)
        {
            if (!Captured(part, words, headers, out var value))
                continue;
            if (!hasAny)
                _json.WriteStartObject(Names.Captures);
            hasAny = true;
            _json.WriteString(part.ToSample(), value[..Math.Min(value.Length, capture.Length)]);
        }

        if (hasAny)
            _json.WriteEndObject();
    }

    private bool Captured(CapturedPart part, LineWords words, ReadOnlySpan<byte> headers, out ReadOnlySpan<byte> value)
    {
        if (part.Kind == CapturedKind.Sample)
            return Sample(part.Name, words, out value);
        if (!CapturedParts.Find(headers, part, out value))
            return false;
        Span<byte> name = stackalloc byte[part.Name.Length];
        Encoding.Latin1.GetBytes(part.Name, name);
        value = part.Kind == CapturedKind.Cookie ? _redaction.Covers(name) || _redaction.Covers("cookie"u8) ? Redaction.Word : value : HeaderOf(name, value[..Math.Min(value.Length, RequestCapture.MaxLength)]);
        return true;
    }

    private bool Sample(string name, LineWords words, out ReadOnlySpan<byte> value)
    {
        if (name == "src")
        {
            value = words[RequestWords.Client];
            return !value.IsEmpty;
        }

        var asked = words[RequestWords.Asked];
        value = name switch
        {
            "method" => Decoded(Part(asked, AskedPart.Method)),
            "host" => Decoded(Part(asked, AskedPart.Host)),
            "path" => Decoded(Part(asked, AskedPart.Path)),
            "query" => Told(Decoded(Part(asked, AskedPart.Query)), isUrl: false),
            _ => Url(asked),
        };
        return !value.IsEmpty;
    }

    private ReadOnlySpan<byte> Url(ReadOnlySpan<byte> asked)
    {
        var path = Decoded(Part(asked, AskedPart.Path));
        path.CopyTo(_url);
        var query = Told(Decoded(Part(asked, AskedPart.Query)), isUrl: false);
        if (query.IsEmpty)
            return _url.AsSpan(0, path.Length);
        var length = path.Length + 1 + Math.Min(query.Length, RequestCapture.MaxLength);
        _url[path.Length] = (byte)'?';
        query[..(length - path.Length - 1)].CopyTo(_url.AsSpan(path.Length + 1));
        return _url.AsSpan(0, length);
    }

    private static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> parts, AskedPart wanted)
    {
        var place = 0;
        foreach (var range in parts.Split((byte)','))
        {
            if (place++ == (int)wanted)
                return parts[range];
        }

        return default;
    }

    private RequestCapture? RuleOf(ReadOnlySpan<byte> word)
    {
        var text = Encoding.Latin1.GetString(word);
        if (_rules.TryGetValue(text, out var rule))
            return rule;
        if (_rules.Count >= MaxRules)
            _rules.Clear();
        return _rules[text] = CaptureData.Parse(text);
    }
}
