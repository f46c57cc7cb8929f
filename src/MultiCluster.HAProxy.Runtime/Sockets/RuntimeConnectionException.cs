namespace MultiCluster.HAProxy.Runtime.Sockets;

public enum RuntimeFault
{
    /// <summary>Nobody listens, or no permission.</summary>
    Unreachable,

    /// <summary>No byte for <see cref="RuntimeClientOptions.SilenceLimit"/>.</summary>
    Silent,

    /// <summary>The other side closed, or the connection was reset.</summary>
    Closed,

    /// <summary>What came back cannot be matched to what was sent. The state of HAProxy is unknown: read it anew.</summary>
    Framing,
}

/// <summary>The connection is gone and must be replaced. Commands after <see cref="Answered"/> may or may not have run.</summary>
public sealed class RuntimeConnectionException : IOException
{
    public RuntimeConnectionException(RuntimeFault fault, string socketPath, int answered, string message, Exception? inner = null)
        : base(message, inner)
    {
        Fault = fault;
        SocketPath = socketPath;
        Answered = answered;
    }

    public RuntimeFault Fault { get; }

    public string SocketPath { get; }

    /// <summary>How many commands of the batch had their reply; zero when framing was lost, since then no reply can be trusted.</summary>
    public int Answered { get; }
}
