using MultiCluster.Actors;

namespace MultiCluster.Cluster.Sharding;

/// <summary>An entity of a shard; while it may be stopping, what is for it waits here.</summary>
/// <param name="isData">It has, or had, something from a source.</param>
internal sealed class EntitySlot(IActorRef actor, bool isData)
{
    private List<(ShardingProtocol.Deliver Message, IActorRef? Sender)>? _held;

    public IActorRef Actor => actor;

    public bool IsData { get; set; } = isData;

    public bool IsStopping => _held is not null;

    public void Hold() => _held ??= [];

    public void Add(ShardingProtocol.Deliver message, IActorRef? sender) => _held!.Add((message, sender));

    public IReadOnlyList<(ShardingProtocol.Deliver Message, IActorRef? Sender)> TakeHeld()
    {
        var held = _held;
        _held = null;
        return held ?? [];
    }
}
