using System.Buffers;
using System.Text;
using MultiCluster.HAProxy.Planning;

namespace MultiCluster.HAProxy.Runtime.Sockets;

/// <summary>
/// A command as bytes, and the guarantee that it is one command: nothing in it can end a line, join a second command or open
/// and close a payload. Rules of the HAProxy management guide, section 9.3, tried on 2.6, 3.0, 3.2 and 3.4.
/// </summary>
internal static class CommandText
{
    // With a payload the buffer also holds " <<" and line ends; the rest is left as room for HAProxy's own bookkeeping.
    private const int Overhead = 64;

    private static readonly SearchValues<char> Suspicious = SearchValues.Create("\n\r\0;\\<");
    private static readonly SearchValues<char> NeverInPayload = SearchValues.Create("\r\0");

    /// <summary>Null, or why <paramref name="command"/> must not be sent.</summary>
    public static string? Problem(RuntimeCommand command, int bufferSize)
    {
        var problem = LineProblem(command.Line) ??
            (command.Payload is null ? null : PayloadProblem(command.Payload) ?? MapPayloadProblem(command.Line, command.Payload));
        return problem ?? SizeProblem(command, bufferSize);
    }

    /// <summary>An upper bound of what <see cref="Write"/> writes.</summary>
    public static int MaxBytes(RuntimeCommand command) =>
        Encoding.UTF8.GetMaxByteCount(command.Line.Length) +
        (command.Payload is null ? 0 : Encoding.UTF8.GetMaxByteCount(command.Payload.Length)) + Overhead;

    public static int Write(RuntimeCommand command, Span<byte> target)
    {
        var length = Encoding.UTF8.GetBytes(command.Line, target);
        if (command.Payload is not { } payload)
        {
            target[length] = (byte)'\n';
            return length + 1;
        }

        length += Copy(" <<\n"u8, target[length..]);
        length += Encoding.UTF8.GetBytes(WithoutLastLineFeed(payload), target[length..]);
        return length + Copy("\n\n"u8, target[length..]);
    }

    /// <summary>What is written, for people and transcripts.</summary>
    public static string Show(RuntimeCommand command) => command.Payload is null
        ? command.Line
        : $"{command.Line} <<\n{(command.IsSecret ? "***" : WithoutLastLineFeed(command.Payload))}\n";

    private static string? LineProblem(string line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return "the line is empty";
        if (line.AsSpan().IndexOfAny(Suspicious) is var first && first < 0)
            return null;

        for (var i = first; i < line.Length; i++)
        {
            switch (line[i])
            {
                case '\n' or '\r' or '\0':
                    return "the line holds a line end or NUL";
                case ';':
                    return "the line holds an unescaped ';'";
                case '<' when i + 1 < line.Length && line[i + 1] == '<':
                    return "the line holds an unescaped '<<'";
                case '\\' when i + 1 == line.Length:
                    return "the line ends in a lone backslash";
                case '\\' when line[i + 1] is not ('\n' or '\r' or '\0'):
                    i++; // the next character stands for itself
                    break;
                default:
                    break;
            }
        }

        return null;
    }

    private static string? PayloadProblem(string payload)
    {
        if (payload.Length == 0 || payload[0] == '\n' || payload.Contains("\n\n", StringComparison.Ordinal))
            return "the payload holds a blank line, which would end it early";
        return payload.AsSpan().ContainsAny(NeverInPayload) ? "the payload holds a carriage return or NUL" : null;
    }

    // Every version takes the line after a key without a value as that value, line end included.
    private static string? MapPayloadProblem(string line, string payload)
    {
        if (!line.StartsWith("add map ", StringComparison.Ordinal))
            return null;
        foreach (var range in WithoutLastLineFeed(payload).Split('\n'))
        {
            var entry = payload.AsSpan(range);
            if (entry.IndexOfAny(' ', '\t') <= 0 || entry.TrimEnd(" \t").ContainsAny(' ', '\t') is false)
                return "a line of the map's payload is not a key and a value";
        }

        return null;
    }

    private static string? SizeProblem(RuntimeCommand command, int bufferSize)
    {
        var limit = bufferSize - Overhead;
        if (MaxBytes(command) <= limit)
            return null;

        var bytes = Encoding.UTF8.GetByteCount(command.Line) + Encoding.UTF8.GetByteCount(command.Payload ?? "");
        return bytes <= limit ? null : $"it has {bytes} bytes, HAProxy takes {limit} (tune.bufsize {bufferSize})";
    }

    private static ReadOnlySpan<char> WithoutLastLineFeed(string payload) =>
        payload[^1] == '\n' ? payload.AsSpan(0, payload.Length - 1) : payload;

    private static int Copy(ReadOnlySpan<byte> source, Span<byte> target)
    {
        source.CopyTo(target);
        return source.Length;
    }
}
