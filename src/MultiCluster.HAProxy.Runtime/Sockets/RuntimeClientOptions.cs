using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MultiCluster.HAProxy.Runtime.Sockets;

public sealed record RuntimeClientOptions
{
    /// <summary>HAProxy's tune.bufsize when the configuration does not set it.</summary>
    public const int DefaultBufferSize = 16384;

    public static RuntimeClientOptions Default { get; } = new();

    public IRuntimeTranscript? Transcript { get; init; }

    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>So long without a byte while replies are due, and the connection counts as broken.</summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The configuration's <c>tune.bufsize</c>. A command with its payload has to fit: HAProxy closes the connection on a longer
    /// one (2.6 without a word), so it is refused here before a byte is sent.
    /// </summary>
    public int BufferSize { get; init; } = DefaultBufferSize;

    /// <summary>Guards against a peer that never ends a reply.</summary>
    public int MaxReplyBytes { get; init; } = 1 << 29;
}
