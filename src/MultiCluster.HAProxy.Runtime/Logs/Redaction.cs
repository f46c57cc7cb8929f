using System.Text;
using MultiCluster.HAProxy.Program;

namespace MultiCluster.HAProxy.Runtime.Logs;

/// <summary>Which values the access log does not tell: of headers, of cookies, and of parameters of queries, which it goes through pair by pair.</summary>
internal sealed class Redaction(LogReceiverOptions options)
{
    private const int MaxName = 64;

    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _names =
        new HashSet<string>(options.Redact, StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    public static ReadOnlySpan<byte> Word => "REDACTED"u8;

    public bool Covers(ReadOnlySpan<byte> name)
    {
        Span<char> text = stackalloc char[MaxName];
        return name.Length <= MaxName && _names.Contains(text[..Encoding.Latin1.GetChars(name, text)]);
    }

    /// <summary>Copies NAME=VALUE pairs, without the values that are not told.</summary>
    /// <param name="divider">Between pairs.</param>
    /// <param name="room">At least <see cref="RoomFor"/> bytes.</param>
    /// <returns>How much of <paramref name="room"/> is used.</returns>
    public int CopyPairs(ReadOnlySpan<byte> pairs, byte divider, Span<byte> room)
    {
        var used = 0;
        foreach (var range in pairs.Split(divider))
        {
            if (range.Start.Value > 0)
                room[used++] = divider;
            var pair = pairs[range];
            var equals = pair.IndexOf((byte)'=');
            var told = equals > 0 && CoversParameter(pair[..equals].TrimStart((byte)' ')) ? pair[..(equals + 1)] : pair;
            told.CopyTo(room[used..]);
            used += told.Length;
            if (told.Length == pair.Length)
                continue;
            Word.CopyTo(room[used..]);
            used += Word.Length;
        }

        return used;
    }

    /// <summary>Each pair may become longer by the word that stands for its value.</summary>
    public static int RoomFor(int length) => length * (1 + Word.Length);

    /// <summary>A URL's query, behind its question mark.</summary>
    public int CopyUrl(ReadOnlySpan<byte> url, Span<byte> room)
    {
        var query = url.IndexOf((byte)'?') + 1;
        if (query == 0)
            query = url.Length;
        url[..query].CopyTo(room);
        return query + CopyPairs(url[query..], (byte)'&', room[query..]);
    }

    /// <summary>Its name may be written in percent signs.</summary>
    private bool CoversParameter(ReadOnlySpan<byte> name)
    {
        if (!name.Contains((byte)'%'))
            return Covers(name);
        if (name.Length > 3 * MaxName)
            return false;
        Span<byte> plain = stackalloc byte[name.Length];
        var used = 0;
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] == '%' && i + 2 < name.Length && Hex(name[i + 1]) is var high and >= 0 && Hex(name[i + 2]) is var low and >= 0)
            {
                plain[used++] = (byte)((high << 4) | low);
                i += 2;
            }
            else
            {
                plain[used++] = name[i];
            }
        }

        return Covers(plain[..used]);
    }

    private static int Hex(byte digit) => char.IsAsciiHexDigit((char)digit) ? Convert.ToInt32(((char)digit).ToString(), 16) : -1;
}
