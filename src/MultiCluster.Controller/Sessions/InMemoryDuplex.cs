using System.Threading.Channels;

namespace MultiCluster.Controller.Sessions;

/// <summary>Both ends of a connection within one process: messages pass as they are.</summary>
public static class InMemoryDuplex
{
    /// <param name="capacity">Messages on their way, each way.</param>
    public static (IDuplex<AgentMessage, ControllerMessage> Agent, IDuplex<ControllerMessage, AgentMessage> Controller) Pair(int capacity = 4)
    {
        var up = Channel.CreateBounded<AgentMessage>(capacity);
        var down = Channel.CreateBounded<ControllerMessage>(capacity);
        return (new End<AgentMessage, ControllerMessage>("controller", up, down), new End<ControllerMessage, AgentMessage>("agent", down, up));
    }

    private sealed class End<TOut, TIn>(string peer, Channel<TOut> outgoing, Channel<TIn> incoming) : IDuplex<TOut, TIn>
        where TIn : class
    {
        private const string Closed = "closed";

        public string Peer => $"{peer} in this process";

        public async ValueTask<string?> SendAsync(TOut message, CancellationToken cancellationToken)
        {
            try
            {
                await outgoing.Writer.WriteAsync(message, cancellationToken);
                return null;
            }
            catch (ChannelClosedException)
            {
                return Closed;
            }
        }

        public async ValueTask<Incoming<TIn>> ReceiveAsync(CancellationToken cancellationToken)
        {
            try
            {
                return new Incoming<TIn>(await incoming.Reader.ReadAsync(cancellationToken), null);
            }
            catch (ChannelClosedException)
            {
                return new Incoming<TIn>(null, Closed);
            }
        }

        public ValueTask DisposeAsync()
        {
            outgoing.Writer.TryComplete();
            incoming.Writer.TryComplete();
            return default;
        }
    }
}
