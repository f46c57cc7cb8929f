using System.Buffers;
using System.Buffers.Binary;

namespace MultiCluster.Cluster.Transport.Http2.Framing;

internal enum FrameRead
{
    Complete,

    /// <summary>More bytes are needed.</summary>
    Partial,

    TooLarge,
}

/// <summary>Four bytes of length, big-endian, and as many bytes of one protobuf message.</summary>
internal static class FrameFormat
{
    public const int PrefixLength = 4;

    /// <param name="buffer">Starts behind the frame afterwards, if it was complete.</param>
    /// <param name="length">Without the prefix; known as soon as the prefix is there.</param>
    public static FrameRead TryRead(ref ReadOnlySequence<byte> buffer, int maxBytes, out ReadOnlySequence<byte> frame, out uint length)
    {
        frame = default;
        length = 0;
        if (buffer.Length < PrefixLength)
            return FrameRead.Partial;
        length = ReadLength(buffer);
        if (length > (uint)maxBytes)
            return FrameRead.TooLarge;
        if (buffer.Length - PrefixLength < length)
            return FrameRead.Partial;
        frame = buffer.Slice(PrefixLength, length);
        buffer = buffer.Slice(frame.End);
        return FrameRead.Complete;
    }

    public static void WriteLength(Span<byte> prefix, int length) => BinaryPrimitives.WriteUInt32BigEndian(prefix, (uint)length);

    private static uint ReadLength(in ReadOnlySequence<byte> buffer)
    {
        if (buffer.FirstSpan.Length >= PrefixLength)
            return BinaryPrimitives.ReadUInt32BigEndian(buffer.FirstSpan);
        Span<byte> prefix = stackalloc byte[PrefixLength];
        buffer.Slice(0, PrefixLength).CopyTo(prefix);
        return BinaryPrimitives.ReadUInt32BigEndian(prefix);
    }
}
