namespace MultiCluster.Cluster.Transport.Http2;

/// <summary>Why there is no stream, or no longer. The numbers travel in refusals: they are never given another meaning.</summary>
public enum LinkErrorCode
{
    /// <summary>Refused for a reason that this build does not know.</summary>
    Refused = 0,

    /// <summary>Ended in peace, by either side.</summary>
    Closed = 1,

    /// <summary>No connection could be made.</summary>
    Unreachable = 2,

    /// <summary>The connection broke.</summary>
    Lost = 3,

    /// <summary>Connected, but no handshake within its time.</summary>
    TimedOut = 4,

    /// <summary>TLS failed, or a certificate is not trusted, not valid now, or missing.</summary>
    Tls = 5,

    /// <summary>The certificate is valid, but not for who its holder says it is.</summary>
    Identity = 6,

    OtherCluster = 7,

    ProtocolVersion = 8,

    /// <summary>Another live process uses the name.</summary>
    NameInUse = 9,

    /// <summary>A node answers at the address, but not the one that was meant, or not that run of it.</summary>
    OtherNode = 10,

    /// <summary>The peer has not joined the cluster yet.</summary>
    NotReady = 11,

    FrameTooLarge = 12,

    /// <summary>The stream ended within a frame.</summary>
    Truncated = 13,

    /// <summary>A frame does not hold what it should.</summary>
    Garbage = 14,

    /// <summary>Without TLS, but not on loopback.</summary>
    Insecure = 15,

    /// <summary>Something else answers at the address.</summary>
    NotAPeer = 16,

    /// <summary>Of a role that is not served here.</summary>
    Role = 17,
}

/// <param name="Text">A sentence without a full stop, naming who and what to do.</param>
public sealed record LinkError(LinkErrorCode Code, string Text)
{
    public override string ToString() => Text;
}
