namespace MultiCluster.Cluster.Transport.Http2;

/// <summary>Bounds and deadlines of every stream of a process.</summary>
public sealed record TransportLimits
{
    /// <summary>
    /// Larger frames are neither sent nor taken. Bytes, without the prefix. Room for an object of 16 MiB and what is around it.
    /// </summary>
    public int MaxFrameBytes { get; init; } = 17 * 1024 * 1024;

    /// <summary>What may wait to be sent on one stream, in bytes. A frame that is alone may be larger.</summary>
    public long SendQueueBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>What may wait to be sent on one stream, in messages.</summary>
    public int SendQueueMessages { get; init; } = 65_536;

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>From the connection until both sides know who the other is.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Silence after which a ping is sent. At least one second, a bound of the HTTP stack.</summary>
    public TimeSpan PingDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long after a ping without an answer the connection is given up. At least one second.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest wait before the first try to connect again; it doubles with each failure.</summary>
    public TimeSpan MinBackoff { get; init; } = TimeSpan.FromMilliseconds(50);

    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long what waits may take to be sent when a stream is closed in peace.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <returns>What is wrong and how to mend it; null if nothing is.</returns>
    public string? Fault()
    {
        if (MaxFrameBytes is < 1024 or > 1024 * 1024 * 1024)
            return $"largest frame {MaxFrameBytes} must be 1 KiB to 1 GiB";
        if (SendQueueBytes < 1 || SendQueueMessages < 1)
            return "the bounds of a send queue must be at least 1";
        if (PingDelay < TimeSpan.FromSeconds(1) || PingTimeout < TimeSpan.FromSeconds(1))
            return $"ping delay {PingDelay} and timeout {PingTimeout} must be at least one second each";
        if (ConnectTimeout <= TimeSpan.Zero || HandshakeTimeout <= TimeSpan.Zero || CloseTimeout <= TimeSpan.Zero)
            return "timeouts of connecting, of the handshake and of closing must be above zero";
        return MinBackoff <= TimeSpan.Zero || MaxBackoff < MinBackoff
            ? $"backoff must grow from above zero, not from {MinBackoff} to {MaxBackoff}"
            : null;
    }
}
