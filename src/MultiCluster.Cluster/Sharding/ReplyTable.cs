using MultiCluster.Actors;

namespace MultiCluster.Cluster.Sharding;

/// <summary>Who on this node waits for answers from others. Bounded, by number and by age.</summary>
internal sealed class ReplyTable
{
    private const int MostWaiting = 10_000;

    /// <summary>Longer than any ask waits.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly Queue<(long Number, TimeSpan Since)> _byAge = new();
    private readonly Dictionary<long, IActorRef> _waiting = [];
    private long _last;

    public int Count => _waiting.Count;

    public long Add(IActorRef asker, TimeSpan now)
    {
        while (_byAge.TryPeek(out var oldest) && (_waiting.Count >= MostWaiting || now - oldest.Since >= Longest || !_waiting.ContainsKey(oldest.Number)))
            _waiting.Remove(_byAge.Dequeue().Number);
        _waiting.Add(++_last, asker);
        _byAge.Enqueue((_last, now));
        return _last;
    }

    public IActorRef? Take(long number) => _waiting.Remove(number, out var asker) ? asker : null;
}

/// <summary>The sender of a message from another node: what is told to it travels back.</summary>
internal sealed class RemoteSender(Transport.ClusterLinks links, ReplyAddress address, ActorPath path) : IActorRef
{
    public ActorPath Path => path;

    public void Tell(object message, IActorRef? sender = null) => links.TrySend(address.Node, new ReplyEnvelope(address.Number, message));
}
