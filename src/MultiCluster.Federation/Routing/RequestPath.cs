using System.Buffers;
using System.Text;
using MultiCluster.Federation.Text;

namespace MultiCluster.Federation.Routing;

/// <summary>The path of a request as the proxy compares it.</summary>
public static class RequestPath
{
    /// <summary>
    /// Percent-decoded, runs of '/' made one. Refused: what isn't a path, invalid percent-encoding, control characters and
    /// dot segments, in clear or encoded. An encoded slash is a slash. Bytes that aren't UTF-8 become lone surrogates
    /// (U+DC80 + byte - 0x80), which no Ingress path can hold.
    /// </summary>
    /// <param name="raw">As in the request line; from '?' on it is ignored.</param>
    public static CanonicalText Canonicalise(string raw)
    {
        var query = raw.IndexOf('?');
        var path = query < 0 ? raw : raw[..query];
        if (path.Length == 0 || path[0] != '/')
            return Refuse("the path must begin with '/'");
        var bytes = new byte[path.Length];
        if (Decode(path, bytes, out var length) is { } problem)
            return Refuse(problem);
        var text = ToText(bytes.AsSpan(0, length));
        foreach (var element in text.AsSpan().Split('/'))
        {
            if (text.AsSpan(element) is "." or "..")
                return Refuse("the path holds a dot segment");
        }

        return new CanonicalText(text, null);
    }

    private static string? Decode(string path, byte[] bytes, out int length)
    {
        length = 0;
        for (var i = 0; i < path.Length; i++)
        {
            var value = path[i];
            if (value is <= ' ' or > '~' or '#')
                return "the path holds a character that must be percent-encoded";
            if (value == '%')
            {
                if (PercentEncoding.ByteAt(path, i) is not { } decoded)
                    return "the path holds an invalid percent-encoding";
                if (decoded is < (byte)' ' or 0x7F)
                    return "the path holds an encoded control character";
                value = (char)decoded;
                i += 2;
            }

            if (value != '/' || length == 0 || bytes[length - 1] != (byte)'/')
                bytes[length++] = (byte)value;
        }

        return null;
    }

    private static string ToText(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var consumed) == OperationStatus.Done)
                text.Append(rune.ToString());
            else
                AppendRaw(text, bytes[..consumed]);
            bytes = bytes[consumed..];
        }

        return text.ToString();
    }

    private static CanonicalText Refuse(string problem) => new("", problem);

    private static void AppendRaw(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
            text.Append((char)(0xDC00 + value));
    }
}
