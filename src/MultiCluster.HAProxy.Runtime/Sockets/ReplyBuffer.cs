using System.Text;

namespace MultiCluster.HAProxy.Runtime.Sockets;

/// <summary>
/// Cuts the stream of replies in prompt mode. Every version ends every reply with line feed, '&gt;', space. Before it, most
/// replies end with a blank line, some of 2.6 ("Server deleted.") without even a line feed of their own.
/// </summary>
internal sealed class ReplyBuffer
{
    private const int InitialBytes = 64 * 1024;
    private const int MinimalRead = 16 * 1024;
    private const int KeptBytes = 1024 * 1024;

    // What most commands answer costs no string.
    private static readonly string[] Frequent = ["New server registered.", "Server deleted.", "admin"];
    private static readonly byte[][] FrequentBytes = [.. Frequent.Select(Encoding.UTF8.GetBytes)];

    private byte[] _bytes = new byte[InitialBytes];
    private int _start;
    private int _end;
    private int _searched;

    public static ReadOnlySpan<byte> End => "\n> "u8;

    public int Pending => _end - _start;

    public ReadOnlySpan<byte> PendingBytes => _bytes.AsSpan(_start, Pending);

    /// <summary>Room for the next read.</summary>
    public Memory<byte> Room()
    {
        if (_start == _end)
            Restart();
        if (_bytes.Length - _end < MinimalRead)
            MakeRoom();
        return _bytes.AsMemory(_end);
    }

    public void Received(int count) => _end += count;

    /// <summary>The next complete reply, without its end; valid until the next <see cref="Room"/>.</summary>
    public bool TryTake(out ReadOnlySpan<byte> reply)
    {
        var from = Math.Max(_start, _searched - (End.Length - 1));
        var found = _bytes.AsSpan(from, _end - from).IndexOf(End);
        if (found < 0)
        {
            _searched = _end;
            reply = default;
            return false;
        }

        reply = _bytes.AsSpan(_start, from + found - _start);
        _start = _searched = from + found + End.Length;
        return true;
    }

    /// <summary>Without the prompts of a payload, which 2.6 and 3.0 print per line and 3.4 per buffer, and without line ends.</summary>
    public static string Text(ReadOnlySpan<byte> reply, bool afterPayload)
    {
        while (afterPayload && reply.StartsWith("+ "u8))
            reply = reply[2..];
        reply = reply.TrimEnd((byte)'\n');
        if (reply.IsEmpty)
            return "";
        for (var i = 0; i < Frequent.Length; i++)
        {
            if (reply.SequenceEqual(FrequentBytes[i]))
                return Frequent[i];
        }

        return Encoding.UTF8.GetString(reply);
    }

    private void Restart()
    {
        _start = _end = _searched = 0;
        if (_bytes.Length > KeptBytes)
            _bytes = new byte[InitialBytes]; // one listing of a large map must not hold its size for ever
    }

    private void MakeRoom()
    {
        // Double only when the pending part of one long reply fills more than half.
        var target = Pending > _bytes.Length / 2 ? new byte[checked(_bytes.Length * 2)] : _bytes;
        _bytes.AsSpan(_start, Pending).CopyTo(target);
        _searched -= _start;
        _end -= _start;
        _start = 0;
        _bytes = target;
    }
}
