namespace MultiCluster.Cluster.Transport;

/// <summary>What the applications of two nodes ask each other, whoever owns what. Each may be lost: who asks sets itself a time.</summary>
public interface INodeMessage : IPeerMessage
{
    Type IPeerMessage.Family => typeof(INodeMessage);
}

/// <param name="Number">Chosen by who asks, for the answer.</param>
public sealed record NodeQuestion(long Number, object Message) : INodeMessage;

/// <param name="Number">Of the question.</param>
public sealed record NodeAnswer(long Number, object Message) : INodeMessage;
