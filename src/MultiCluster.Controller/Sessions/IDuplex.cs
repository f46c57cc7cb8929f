using MultiCluster.HAProxy.Runtime;

namespace MultiCluster.Controller.Sessions;

/// <summary>
/// One end of a connection: messages both ways, each way in order and without gaps until the end. Bounded: a send waits while the other
/// side doesn't read. One send and one receive at a time. Disposing ends both ways, and
/// may be done again.
/// </summary>
public interface IDuplex<in TOut, TIn> : IAsyncDisposable
    where TIn : class
{
    /// <summary>For people: who is at the other end.</summary>
    string Peer { get; }

    /// <returns>Null when taken by the transport; otherwise why the connection is over.</returns>
    ValueTask<string?> SendAsync(TOut message, CancellationToken cancellationToken);

    /// <summary>Also what can't be read ends the connection, and is told as such.</summary>
    ValueTask<Incoming<TIn>> ReceiveAsync(CancellationToken cancellationToken);
}

/// <param name="Message">Null at the end.</param>
/// <param name="Ended">Why there are no more messages; null with a message.</param>
public readonly record struct Incoming<T>(T? Message, string? Ended)
    where T : class;

/// <summary>Opens connections from an agent to controllers.</summary>
public interface IControllerConnector
{
    /// <returns>An error in words when there is no connection to be had.</returns>
    Task<Outcome<IDuplex<AgentMessage, ControllerMessage>>> ConnectAsync(string address, CancellationToken cancellationToken);
}
