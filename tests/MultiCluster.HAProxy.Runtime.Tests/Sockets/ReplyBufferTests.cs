using System.Text;
using MultiCluster.HAProxy.Runtime.Sockets;
using MultiCluster.HAProxy.Runtime.Tests.Support;

namespace MultiCluster.HAProxy.Runtime.Tests.Sockets;

public sealed class ReplyBufferTests
{
    // The stream was recorded with two payload commands, the seventh and eighth from the start of nine after "prompt".
    private static readonly string[] Expected =
    [
        "", "", "", "Server deleted.", "No such server.", "", "Unknown map identifier. Please use #<id> or <file>.",
        "type=beg, case=sensitive, found=no", "admin",
    ];

    [Theory, MemberData(nameof(Recorded.Versions), MemberType = typeof(Recorded))]
    public void Every_version_s_stream_is_cut_into_the_same_replies_wherever_a_read_ends(string version)
    {
        var stream = Recorded.Bytes(version, "stream");
        for (var chunk = 1; chunk <= stream.Length; chunk++)
            Assert.Equal(Expected, Cut(stream, chunk));
    }

    [Fact]
    public void A_reply_larger_than_the_buffer_arrives_whole_and_the_next_one_after_it()
    {
        var large = string.Concat(Enumerable.Range(0, 200_000).Select(i => $"0x{i:x8} key{i} value\n"));
        var stream = Encoding.UTF8.GetBytes(large + "\n> second\n\n> ");
        Assert.Equal([large.TrimEnd('\n'), "second"], Cut(stream, 50_000));
    }

    [Fact]
    public void A_line_that_only_begins_like_an_end_is_data()
    {
        var stream = Encoding.UTF8.GetBytes("a\n>b\n >\n>\nc\n\n> ");
        Assert.Equal(["a\n>b\n >\n>\nc"], Cut(stream, 1));
    }

    private static List<string> Cut(byte[] stream, int chunk)
    {
        var buffer = new ReplyBuffer();
        var replies = new List<string>();
        for (var offset = 0; offset < stream.Length; offset += chunk)
        {
            for (var part = stream.AsSpan(offset, Math.Min(chunk, stream.Length - offset)); !part.IsEmpty;)
            {
                var room = buffer.Room().Span;
                var count = Math.Min(room.Length, part.Length);
                part[..count].CopyTo(room);
                part = part[count..];
                buffer.Received(count);
                while (buffer.TryTake(out var reply))
                    replies.Add(ReplyBuffer.Text(reply, afterPayload: true));
            }
        }

        Assert.Equal(0, buffer.Pending);
        return replies;
    }
}
