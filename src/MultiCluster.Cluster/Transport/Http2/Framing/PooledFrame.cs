using System.Buffers;
using Google.Protobuf;

namespace MultiCluster.Cluster.Transport.Http2.Framing;

/// <summary>One encoded frame with its prefix, in a buffer of the pool. Whoever takes it from the queue gives it back, once.</summary>
internal readonly record struct PooledFrame(byte[] Buffer, int Length)
{
    public ReadOnlySpan<byte> Span => Buffer.AsSpan(0, Length);

    /// <param name="size">What the message said of itself.</param>
    public static PooledFrame Encode(IMessage message, int size)
    {
        var length = FrameFormat.PrefixLength + size;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        FrameFormat.WriteLength(buffer, size);
        message.WriteTo(buffer.AsSpan(FrameFormat.PrefixLength, size));
        return new PooledFrame(buffer, length);
    }

    public void Return() => ArrayPool<byte>.Shared.Return(Buffer);
}
