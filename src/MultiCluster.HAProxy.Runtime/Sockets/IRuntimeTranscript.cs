namespace MultiCluster.HAProxy.Runtime.Sockets;

/// <summary>Sees everything that goes over a worker's socket, in order. Called from the connection's own flow: must not block.</summary>
public interface IRuntimeTranscript
{
    /// <param name="sent">
    /// What was written, framing lines included (see <see cref="RuntimeClient.IsFraming"/>), without the last line feed;
    /// the payload of a secret command is replaced by <c>***</c>.
    /// </param>
    /// <param name="reply">Null when the connection broke before the reply: the command may or may not have run.</param>
    void Exchange(string sent, string? reply);
}
