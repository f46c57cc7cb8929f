namespace MultiCluster.HAProxy.Runtime.Logs;

/// <summary>Why a line of the access log is told nowhere.</summary>
public enum LineLoss
{
    /// <summary>Where lines go is slower than requests come.</summary>
    Slow,

    /// <summary>Where lines go took it not.</summary>
    Failed,

    /// <summary>None that a program of ours writes.</summary>
    Unreadable,
}

/// <summary>Counts what the access log tells. Called by several threads.</summary>
public interface IAccessObserver
{
    /// <param name="ingress">NAMESPACE/NAME; empty of requests that no route took.</param>
    /// <param name="service">NAMESPACE/NAME:PORT; empty of requests that none was to answer.</param>
    /// <param name="status">0: the client got none.</param>
    /// <param name="total">Milliseconds from the request's first byte to the answer's last; negative when it did not come to that.</param>
    void OnRequest(ReadOnlySpan<byte> ingress, ReadOnlySpan<byte> service, int status, long total);

    void OnWritten(long lines);

    void OnLost(LineLoss reason, long lines);
}
