using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace MultiCluster.Kubernetes.Decoding;

/// <summary>
/// Walks one JSON text field by field. A value of the wrong type is skipped and noted with its path (the first one is
/// kept), so that one bad field doesn't hide the rest of an object; text that isn't JSON throws
/// <see cref="JsonException"/>, which <see cref="ResourceDecoder"/> turns into a value. As in Go's decoder null means
/// absent and the last of two equal keys wins.
/// </summary>
internal ref struct FieldReader
{
    private const int MaxTracked = 16;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 128 };

    private readonly ReadOnlySpan<byte> _data;
    private readonly Utf8StringCache _strings;
    private Utf8JsonReader _json;
    private Path _path;
    private int _depth;
    private int _objectDepth;
    private int _fieldStart;
    private int _fieldLength;
    private bool _onValue;

    public FieldReader(ReadOnlySpan<byte> json, Utf8StringCache strings)
    {
        _data = json;
        _strings = strings;
        _json = new Utf8JsonReader(json, Options);
    }

    /// <summary>The first wrong field since the last <see cref="StartObject"/>: path, expectation and finding.</summary>
    public string? Error { get; private set; }

    /// <summary>Offset of the first byte after what has been read.</summary>
    public readonly int Position => (int)_json.BytesConsumed;

    /// <summary>Paths of errors start here.</summary>
    public void StartObject()
    {
        Error = null;
        _objectDepth = _depth;
        _fieldLength = 0;
    }

    public bool EnterObject() => Enter(JsonTokenType.StartObject, "an object");

    public bool EnterArray() => Enter(JsonTokenType.StartArray, "an array");

    /// <summary>Moves to the next field of the object that was entered last; false at its end.</summary>
    public bool NextField()
    {
        ReadToken();
        if (_json.TokenType == JsonTokenType.EndObject)
        {
            _depth--;
            return false;
        }

        _fieldStart = (int)_json.TokenStartIndex + 1;
        _fieldLength = _json.ValueSpan.Length;
        return true;
    }

    /// <summary>Moves to the next item of the array that was entered last; false at its end.</summary>
    public bool NextItem()
    {
        ReadToken();
        if (_json.TokenType == JsonTokenType.EndArray)
        {
            _depth--;
            return false;
        }

        _onValue = true;
        _fieldLength = 0;
        if (_depth <= MaxTracked)
            _path[_depth - 1].Index++;
        return true;
    }

    /// <summary>Whether the value is null, which is then consumed.</summary>
    public bool IsNull()
    {
        MoveToValue();
        _onValue = _json.TokenType != JsonTokenType.Null;
        return !_onValue;
    }

    public readonly bool Is(ReadOnlySpan<byte> field) => _json.ValueTextEquals(field);

    public string? FieldName()
    {
        try
        {
            return _json is { ValueIsEscaped: false } ? _strings.Get(_json.ValueSpan) : _json.GetString();
        }
        catch (InvalidOperationException)
        {
            Fail("a key in valid Unicode");
            return null;
        }
    }

    /// <summary>Text that differs from event to event.</summary>
    public string? Text() => Text(shared: false);

    /// <summary>Text that is likely to come again.</summary>
    public string? SharedText() => Text(shared: true);

    public bool? Boolean()
    {
        MoveToValue();
        switch (_json.TokenType)
        {
            case JsonTokenType.True:
                return true;
            case JsonTokenType.False:
                return false;
            default:
                SkipWrong("true or false");
                return null;
        }
    }

    public long? Integer()
    {
        MoveToValue();
        if (_json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out var value))
            return value;
        SkipWrong("an integer");
        return null;
    }

    /// <summary>An integer that has to be judged by whoever uses it: far out of range is still out of range.</summary>
    public int? SmallInteger() => Integer() is { } value ? (int)Math.Clamp(value, int.MinValue, int.MaxValue) : null;

    /// <summary>A port number; 0 is absent, as in Go's omitempty.</summary>
    public int? Port()
    {
        var value = Integer();
        switch (value)
        {
            case null or 0:
                return null;
            case < 0 or > 65535:
                Fail("a port from 1 to 65535");
                return null;
            default:
                return (int)value;
        }
    }

    /// <summary>An IntOrString as text.</summary>
    public string? IntegerOrText()
    {
        MoveToValue();
        _onValue = true;
        return _json.TokenType == JsonTokenType.Number
            ? Integer()?.ToString(System.Globalization.CultureInfo.InvariantCulture)
            : SharedText();
    }

    public DateTimeOffset? Timestamp()
    {
        MoveToValue();
        if (_json.TokenType == JsonTokenType.String && _json.TryGetDateTimeOffset(out var value))
            return value;
        SkipWrong("an RFC 3339 time");
        return null;
    }

    public byte[]? Base64()
    {
        MoveToValue();
        if (_json.TokenType == JsonTokenType.String && _json.TryGetBytesFromBase64(out var value))
            return value;
        SkipWrong("base64 text");
        return null;
    }

    public void Skip()
    {
        MoveToValue();
        _json.Skip();
    }

    /// <summary>Skips a value that means something, but nothing that is understood here.</summary>
    public void Refuse(string expected)
    {
        MoveToValue();
        SkipWrong(expected);
    }

    /// <summary>The bytes of the current value, which is skipped.</summary>
    public ReadOnlySpan<byte> Raw()
    {
        MoveToValue();
        var start = (int)_json.TokenStartIndex;
        _json.Skip();
        return _data[start..Position];
    }

    private string? Text(bool shared)
    {
        MoveToValue();
        if (_json.TokenType != JsonTokenType.String)
        {
            SkipWrong("a string");
            return null;
        }

        try
        {
            return shared && !_json.ValueIsEscaped && Ascii.IsValid(_json.ValueSpan) ? _strings.Get(_json.ValueSpan) : _json.GetString();
        }
        catch (InvalidOperationException)
        {
            // Lone surrogates and bytes that are no UTF-8.
            Fail("valid Unicode");
            return null;
        }
    }

    private bool Enter(JsonTokenType start, string expected)
    {
        MoveToValue();
        if (_json.TokenType != start)
        {
            SkipWrong(expected);
            return false;
        }

        if (_depth < MaxTracked)
            _path[_depth] = new Segment { Start = _fieldStart, Length = _fieldLength, Index = -1 };
        _depth++;
        return true;
    }

    private void MoveToValue()
    {
        if (!_onValue)
            ReadToken();
        _onValue = false;
    }

    private void ReadToken()
    {
        if (!_json.Read())
            throw new JsonException("The text ends inside a value.");
    }

    private void SkipWrong(string expected)
    {
        if (_json.TokenType != JsonTokenType.Null)
            Fail(expected);
        _json.Skip();
    }

    private void Fail(string expected) => Error ??= $"{CurrentPath()}: expected {expected}, found {Found()}";

    private readonly string Found() => _json.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.Number when _json.ValueSpan.Length <= 32 => Encoding.UTF8.GetString(_json.ValueSpan),
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        _ => "other text",
    };

    private readonly string CurrentPath()
    {
        var path = new StringBuilder();
        for (var i = _objectDepth; i < Math.Min(_depth, MaxTracked); i++)
        {
            AppendName(path, _path[i].Start, _path[i].Length);
            if (_path[i].Index >= 0)
                path.Append('[').Append(_path[i].Index).Append(']');
        }

        AppendName(path, _fieldStart, _fieldLength);
        return path.Length == 0 ? "object" : path.ToString();
    }

    private readonly void AppendName(StringBuilder path, int start, int length)
    {
        if (length == 0)
            return;
        if (path.Length > 0)
            path.Append('.');
        path.Append(Encoding.UTF8.GetString(_data.Slice(start, Math.Min(length, 253))));
    }

    private struct Segment
    {
        public int Start;
        public int Length;
        public int Index;
    }

    [InlineArray(MaxTracked)]
    private struct Path
    {
        private Segment _first;
    }
}
