using System.Buffers.Text;

namespace MultiCluster.HAProxy.Runtime.Logs;

/// <summary>Places of words in a line of a request, as the program's LogSection has them.</summary>
internal static class RequestWords
{
    public const int End = 1, Id = 2, Client = 3, ClientPort = 4, Port = 5, Tls = 6, Cipher = 7, ServerName = 8, Status = 9, Termination = 10, Retries = 11, BytesIn = 12, BytesOut = 13,
        Handshake = 14, Idle = 15, Request = 16, Queue = 17, Connect = 18, Response = 19, Total = 20, Ingress = 21, Service = 23, Server = 24, Address = 25, ServerPort = 26,
        Firewall = 27, Asked = 28, Said = 29, Rule = 30, Headers = 31;

    /// <summary>Of a line that was cut what clients chose is missing.</summary>
    public const int Least = 28;

    public const int All = 32;
}

/// <summary>Places of words in a line of a connection.</summary>
internal static class ConnectionWords
{
    public const int End = 1, Client = 2, ClientPort = 3, Port = 4, Tls = 5, Cipher = 6, ServerName = 7, Termination = 8, Retries = 9, BytesIn = 10, BytesOut = 11, Queue = 12, Connect = 13,
        Total = 14, Ingress = 15, Service = 17, Server = 18, Address = 19, ServerPort = 20;

    public const int All = 21;
}

/// <summary>A line's words, divided by blanks; <c>-</c> says that there is none.</summary>
internal readonly ref struct LineWords
{
    private readonly ReadOnlySpan<byte> _line;
    private readonly ReadOnlySpan<Range> _words;

    /// <param name="room">For so many words; more than that are none of a line of ours.</param>
    public LineWords(ReadOnlySpan<byte> line, Span<Range> room)
    {
        _line = line;
        var count = 0;
        foreach (var word in line.Split((byte)' '))
        {
            if (count == room.Length)
            {
                count = 0;
                break;
            }

            room[count++] = word;
        }

        _words = room[..count];
    }

    public int Count => _words.Length;

    /// <summary>Empty for none.</summary>
    public ReadOnlySpan<byte> this[int place]
    {
        get
        {
            if (place >= _words.Length)
                return default;
            var word = _line[_words[place]];
            return word is [(byte)'-'] ? default : word;
        }
    }

    /// <summary>Null for what is no number, or is none that can be.</summary>
    public long? Number(int place) => Utf8Parser.TryParse(this[place], out long number, out var used) && used == this[place].Length && number >= 0 ? number : null;
}
